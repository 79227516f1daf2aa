import { readFileSync } from 'node:fs';

/**
 * Loaded before the program with `--import`: its wall clock is ahead of the host's by as many milliseconds as the file CLOCK_AHEAD_FILE says,
 * and jumps when the file changes. The monotonic clock and the timers are the host's. The program itself has no switch for it.
 */
const path = process.env['CLOCK_AHEAD_FILE'] ?? '';
const RealDate = Date;
const LOOK_EVERY_MS = 20;

function readAhead(): number {
  return Number(readFileSync(path, 'utf8'));
}

let aheadMs = readAhead();
setInterval(() => {
  aheadMs = readAhead();
}, LOOK_EVERY_MS).unref();

const now = (): number => RealDate.now() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, self) => Reflect.construct(target, given.length === 0 ? [now()] : given, self),
  apply: () => new RealDate(now()).toString(),
  get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
});
