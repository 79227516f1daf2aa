import { expect, it } from 'vitest';
import type { DeliveryOutcome } from '../../../src/channels/channel.ts';
import { silentLog } from '../../../src/lib/log.ts';
import type { TaskEntry } from '../../../src/model/alert.ts';
import type { Message } from '../../../src/model/message.ts';
import { createLane } from '../../../src/outbox/lane.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { page, pendingAlert, pollEnd, T0, taskRow } from '../../support/store-world.ts';

const never = new AbortController().signal;
const TASKS = Array.from({ length: 14 }, (_, at) => `rep-${at}`);
const OUTCOMES: readonly DeliveryOutcome[] = [
  { outcome: 'delivered', receipt: 'ok' },
  { outcome: 'delivered', receipt: 'ok' },
  { outcome: 'retry', reason: '503' },
  { outcome: 'retry', reason: '429', afterMs: 3_000 },
  { outcome: 'unknown', reason: 'no answer' },
  { outcome: 'down', reason: 'no_service' },
];

/** One lane's life by a seed: news of random tasks, random answers, kills. What reached the channel, and what had to. */
async function live(seed: number) {
  const random = seededRandom(seed);
  const below = (most: number): number => Math.floor(random() * most);
  const clock = createFakeClock(T0);
  const store = await openMemoryStore(clock);
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  const arrived: Message[] = [];
  const due = new Map<string, number[]>();
  let calm = false;
  let made = 0;

  async function news(): Promise<void> {
    const ids = TASKS.filter(() => random() < 0.3);
    const alerts = ids.map((taskId) => {
      made += 1;
      due.set(taskId, [...(due.get(taskId) ?? []), made]);
      return pendingAlert(taskId, { event: { event: 'changed', at: made, changes: [] } });
    });
    const { poll } = await store.beginPoll('prod', 'poll', clock.now());
    await store.commitPage(poll, ids, () => page({ write: ids.map((taskId) => taskRow({ taskId })), alerts }));
    await store.endPoll(poll, pollEnd({ endedAt: clock.now() }));
  }

  async function deliver(message: Message): Promise<DeliveryOutcome> {
    const refusesForm = !message.plain && random() < 0.1;
    const outcome = OUTCOMES[calm ? 0 : below(OUTCOMES.length)];
    if (outcome === undefined || (refusesForm && !calm)) return { outcome: 'rejected', reason: 'invalid_blocks' };
    if (outcome.outcome === 'delivered' || (outcome.outcome === 'unknown' && random() < 0.5)) arrived.push(message);
    return outcome;
  }

  function laneOver(used: Store) {
    const limits = { linesPerMessage: 20, idsPerMessage: 500, messagesPerRollUp: 10 };
    const probe = async () => ({ ok: true }) as const;
    const channel = { name: 'slack', lane: 'slack', limits, minGapMs: 0, deliver, probe, close: async () => undefined };
    const others = { operatorChannels: [], others: [], wakeAll: () => undefined, beat: () => undefined };
    return createLane('slack', [channel], { store: used, clock, random, log: silentLog, ...others });
  }

  /** The process dies with the answer in its hands. */
  async function stepAndDie(): Promise<void> {
    const dying: Store = { ...store, settle: () => Promise.reject(new Error('killed')) };
    await clock.drive(laneOver(dying).step(never)).catch(() => undefined);
    await store.recoverMessages(clock.now());
  }

  for (let turn = 0; turn < 60; turn += 1) {
    const drawn = random();
    if (drawn < 0.2) await news();
    else if (drawn < 0.35) await stepAndDie();
    else if (drawn < 0.5) await clock.advance(below(20_000));
    else await clock.drive(laneOver(store).step(never));
  }
  calm = true;
  for (let step = await end(); step !== null; step = await end()) await clock.advance(step);
  return { arrived, due };

  /** Null when nothing waits any more, else for how long. */
  async function end(): Promise<number | null> {
    const step = await clock.drive(laneOver(store).step(never));
    if (step.did === 'sent') return 0;
    return step.nextAt === null ? null : Math.max(0, step.nextAt - clock.now());
  }
}

function entriesOf({ facts }: Message): readonly TaskEntry[] {
  if (facts.kind === 'task') return [facts.entry];
  return facts.kind === 'roll-up' ? facts.lines : [];
}

it.each(Array.from({ length: 25 }, (_, at) => at + 1))(
  'whatever the answers and kills (seed %i), each task’s news come in order, each in one message, which says the same each time',
  async (seed) => {
    const { arrived, due } = await live(seed);
    const told = new Map<string, number[]>();
    for (const [place, message] of arrived.entries()) {
      const earlier = arrived.findIndex(({ key }) => key === message.key);
      if (earlier < place) {
        expect(message.facts).toEqual(arrived[earlier]?.facts);
        expect(new Set(arrived.slice(earlier, place).map(({ key }) => key))).toEqual(new Set([message.key]));
        continue;
      }
      for (const { task, events } of entriesOf(message))
        told.set(task.taskId, [...(told.get(task.taskId) ?? []), ...events.map(({ at }) => at)]);
    }
    for (const [taskId, moments] of due) expect(told.get(taskId), taskId).toEqual(moments);
  },
);
