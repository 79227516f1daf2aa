import { readFileSync } from 'node:fs';
import { childrenOf } from '../../test/support/children-of.ts';

/** Linux counts processor time in hundredths of a second. */
const CLOCK_TICK_MS = 10;
/** In /proc/PID/stat after the name: user, system, and both of the children that have ended. */
const OWN = [11, 12];
const OF_ENDED_CHILDREN = [13, 14];

/** Processor time of another process since its start. */
export function processorMs(pid: number): number {
  return sumOf(pid, OWN);
}

/** The same with that of its children, those that have ended included. */
export function familyProcessorMs(pid: number): number {
  return [...childrenOf(pid).map(processorMs), sumOf(pid, [...OWN, ...OF_ENDED_CHILDREN])].reduce(
    (sum, ms) => sum + ms,
    0,
  );
}

function sumOf(pid: number, fields: readonly number[]): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const values = rest.split(' ');
  return fields.reduce((sum, field) => sum + Number(values[field]) * CLOCK_TICK_MS, 0);
}
