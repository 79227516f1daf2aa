import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './statistics.ts';

const WRITES = 50;
/** About what a page of 100 new tasks adds to the store's log. */
const BYTES = 200_000;

/** Milliseconds that the disk under `directory` takes for one durable write: what no store that promises durability can be faster than. */
export function measureSync(directory: string): number {
  const path = join(directory, 'sync-probe');
  const file = openSync(path, 'w');
  const bytes = Buffer.alloc(BYTES, 'x');
  const tookMs: number[] = [];
  for (let write = 0; write < WRITES; write += 1) {
    const begun = performance.now();
    writeSync(file, bytes);
    fdatasyncSync(file);
    tookMs.push(performance.now() - begun);
  }
  closeSync(file);
  rmSync(path);
  return median(tookMs);
}
