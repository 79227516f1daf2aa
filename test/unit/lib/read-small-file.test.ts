import { expect, it } from 'vitest';
import { readSmallFile } from '../../../src/lib/read-small-file.ts';

it('a device is refused instead of read for ever', () => {
  expect(() => readSmallFile('/dev/zero')).toThrow(expect.objectContaining({ code: 'ENOTFILE' }));
});

it('a file that is not there is told as the system tells it', () => {
  expect(() => readSmallFile('/no/such/file')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
