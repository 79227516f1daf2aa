import { hostname } from 'node:os';

/** A name that no other process has: where it runs for people, and some random digits, since containers share process ids. */
export function replicaName(random: () => number): string {
  const digits = Math.floor(random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0');
  return `${hostname()}/${process.pid}/${digits}`;
}
