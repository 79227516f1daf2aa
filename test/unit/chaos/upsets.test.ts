import { expect, it } from 'vitest';
import { emptyJournal } from '../../../bench/chaos/journal.ts';
import { createUpsets, RANDOM_SPANS } from '../../../bench/chaos/replicas/upsets.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { LogLine, ProgramEnd } from '../../support/program.ts';

/** What is wrong where a process that is stopped ends with 1 and says that. */
async function wrongOf(event: string, slowness: number): Promise<readonly string[]> {
  const end = Promise.withResolvers<ProgramEnd>();
  const line: LogLine = { event, level: 'error' };
  const program = {
    ...{ pid: 1, log: [line], exited: end.promise, closeOutput: () => undefined },
    waitForLog: async () => line,
    waitForLine: async () => line,
    kill: () => end.resolve({ code: 1, signal: null, stdout: '', stderr: '' }),
  };
  const replica = { life: 1, peer: '', program, ready: async () => 200 };
  const fleet = {
    ...{ all: [replica], start: async () => replica, end: async () => undefined },
    said: () => ({ wholePolls: [], settled: [], undelivered: [], leases: [] }),
  };
  const link = { port: 0, part: () => undefined, heal: () => undefined, close: async () => undefined };
  const upsets = createUpsets({
    ...{ spans: RANDOM_SPANS, fleet: () => fleet, link: () => link, journal: { ...emptyJournal(), slowness } },
    ...{ outdate: () => undefined, random: () => 0.5, clock: systemClock, print: () => undefined },
  });
  await upsets.begin(1);
  await upsets.stopAll();
  return upsets.problems;
}

it('a stop that takes too long is a fault, but on a machine that is too busy for it', async () => {
  expect(await wrongOf('stop-hangs', 1)).toHaveLength(1);
  expect(await wrongOf('stop-hangs', 1.5)).toEqual([]);
  expect(await wrongOf('service-stopped', 1.5)).toHaveLength(1);
});
