import { expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { createPoller } from '../../../src/poll/poller.ts';
import type { Page, ReadFailure, TaskReader } from '../../../src/poll/task-reader.ts';
import { pollKit } from '../../support/poll-kit.ts';

const FAILURES = {
  blocked: { kind: 'blocked', code: 'IpInBlacklist', message: 'may not', requestId: null },
  refused: { kind: 'refused', code: 'InvalidAction', message: 'refused', requestId: null },
  unavailable: { kind: 'unavailable', code: 'HTTP 502', message: 'gone', requestId: null },
} as const satisfies Record<string, ReadFailure>;

/** A poll takes a while, so that five minutes after its end the tick of a five-minute schedule is just over. */
const ANSWER_MS = 100;
const PAGE: Page = { totalCount: 0, rows: [], bad: [], requestId: 'r', serverDate: null, unknownValues: [] };

/** A poller that is ticked every `everyMs`, whose reads fail until `mend`; and the minutes at which its polls began. */
async function ticked(everyMs: number, failure: ReadFailure) {
  let isWell = false;
  const cost = { requests: 1, throttles: 0 };
  const reader: TaskReader = {
    async read(_query, _priority, signal) {
      await kit.clock.sleep(ANSWER_MS, signal);
      return isWell ? { ok: true, page: PAGE, cost } : { ok: false, failure, cost };
    },
  };
  const kit = await pollKit(reader);
  const poller = createPoller(kit.account, kit.deps, () => undefined);
  const stop = new AbortController();
  const running = poller.run(stop.signal);
  return {
    async pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += everyMs) {
        await kit.clock.advance(everyMs / 2);
        poller.tick();
        await kit.clock.advance(everyMs / 2);
      }
    },
    mend(): void {
      isWell = true;
    },
    async minutes(): Promise<readonly number[]> {
      const polls = (await kit.store.polls({ limit: 1000 })).filter(({ kind }) => kind === 'poll');
      const start = Math.min(...polls.map(({ startedAt }) => startedAt));
      return polls.map(({ startedAt }) => Math.floor((startedAt - start) / MINUTE_MS)).toReversed();
    },
    notices: async () => (await kit.store.episodes()).map(({ code }) => code),
    async end(): Promise<void> {
      stop.abort();
      await running;
    },
  };
}

it.each([
  ['each second', SECOND_MS],
  ['every two minutes', 2 * MINUTE_MS],
  ['every five minutes', 5 * MINUTE_MS],
])('a blocked account that is due %s is polled every five minutes', async (_, everyMs) => {
  const service = await ticked(everyMs, FAILURES.blocked);
  await service.pass(20 * MINUTE_MS);
  expect(await service.minutes()).toEqual([0, 5, 10, 15]);
  await service.end();
});

it('one that is due every ten minutes is polled no more often for being blocked', async () => {
  const service = await ticked(10 * MINUTE_MS, FAILURES.blocked);
  await service.pass(40 * MINUTE_MS);
  expect(await service.minutes()).toEqual([0, 10, 20, 30]);
  await service.end();
});

it('one that may be read again is polled at each tick from then on, and the notice is over', async () => {
  const service = await ticked(MINUTE_MS, FAILURES.blocked);
  await service.pass(5 * MINUTE_MS);
  expect(await service.notices()).toEqual(['account-blocked']);
  service.mend();
  await service.pass(3 * MINUTE_MS);
  expect(await service.notices()).toEqual([]);
  expect(await service.minutes()).toEqual([0, 5, 6, 7]);
  await service.end();
});

it.each(['refused', 'unavailable'] as const)('an account that is %s goes on at each tick', async (kind) => {
  const service = await ticked(MINUTE_MS, FAILURES[kind]);
  await service.pass(5 * MINUTE_MS);
  expect(await service.minutes()).toEqual([0, 1, 2, 3, 4]);
  expect(await service.notices()).toEqual([]);
  await service.end();
});

it('a stop does not wait for the pause', async () => {
  const service = await ticked(MINUTE_MS, FAILURES.blocked);
  await service.pass(2 * MINUTE_MS);
  await service.end();
});
