import { readFileSync, statSync } from 'node:fs';

const LARGEST_BYTES = 4 * 1024 * 1024;

/**
 * The text of a file of ordinary size; throws as the system does, with a code. A device such as /dev/zero would never end and is refused;
 * a pipe is not, since shells hand secrets over in one.
 */
export function readSmallFile(path: string): string {
  const stat = statSync(path);
  if (stat.isCharacterDevice() || stat.isBlockDevice())
    throw Object.assign(new Error('a device'), { code: 'ENOTFILE' });
  if (stat.size > LARGEST_BYTES) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
  return readFileSync(path, 'utf8');
}
