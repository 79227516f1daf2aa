import type { RunningProgram } from '../../test/support/program.ts';

/** Whether a process that was stopped ended as it should: with 0, or, on a machine that is too busy for that, by itself after the time that a stop may take. */
export function endedWell(code: number | null, log: RunningProgram['log'], slowness: number): boolean {
  return code === 0 || (code === 1 && slowness > 1 && log.some(({ event }) => event === 'stop-hangs'));
}
