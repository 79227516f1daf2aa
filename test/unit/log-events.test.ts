import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const CALL = /\blog(?:\.\w+|\[[^\]]*\])\(\s*(['"`])(.*?)\1/gi;

it('every event of the log is a constant name in kebab-case', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const events = files.flatMap((file) => {
    const text = readFileSync(SRC + file, 'utf8');
    return [...text.matchAll(CALL)].map(([, , event]) => event ?? '');
  });
  expect(events.length).toBeGreaterThan(30);
  expect(events.filter((event) => !/^[a-z]+(?:-[a-z]+)*$/.test(event))).toEqual([]);
});
