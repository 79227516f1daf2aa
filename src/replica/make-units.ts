import { type Clock, SECOND_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { untilAborted } from '../lib/until-aborted.ts';
import type { Lane } from '../outbox/lane.ts';
import type { Poller } from '../poll/poller.ts';
import type { Fenced } from './fencing.ts';
import type { Unit } from './unit.ts';

export interface UnitDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly fenced: (unit: string) => Fenced;
}

/** Of every unit, so that all that a killed replica had goes on at the same time. A message that it was sending is repeated by whoever has the lane next. */
const LEASE_MS = 15 * SECOND_MS;

/** Of what is due by the clock and must happen once, whoever does it. */
export const CLOCK_UNIT = 'clock';

/** Accounts of one key share its pace, so they are one unit. */
export function accountsUnitName(key: string): string {
  return `accounts ${key}`;
}

export function laneUnitName(id: string): string {
  return `lane ${id}`;
}

/** What replicas share: the accounts of each key, each lane, the clock. `keyOf`: what an account's requests are counted under. */
export function makeUnits(
  pollers: readonly Poller[],
  lanes: readonly Lane[],
  keyOf: (account: string) => string,
  deps: UnitDeps,
): readonly Unit[] {
  const groups = Map.groupBy(pollers, ({ account }) => keyOf(account));
  return [
    ...[...groups].map(([key, group]) => accountsUnit(accountsUnitName(key), group, deps)),
    ...lanes.map((lane) => laneUnit(laneUnitName(lane.id), lane, deps)),
    {
      name: CLOCK_UNIT,
      kind: 'clock',
      lastsMs: LEASE_MS,
      fence: deps.fenced(CLOCK_UNIT).fence,
      takeUp: async () => undefined,
      run: untilAborted,
    },
  ];
}

function accountsUnit(name: string, pollers: readonly Poller[], { clock, log, fenced }: UnitDeps): Unit {
  const { fence, store } = fenced(name);
  const accounts = new Set(pollers.map(({ account }) => account));
  let isFirst = true;
  return {
    name,
    kind: 'accounts',
    lastsMs: LEASE_MS,
    fence,
    async takeUp() {
      const polls = await store.recoverPolls(clock.now(), (account) => accounts.has(account));
      if (polls > 0) log.info('taken-up', { unit: name, interruptedPolls: polls });
    },
    async run(signal) {
      // After a reload its accounts keep their places. What another has read, or nobody for a while, is polled at once.
      if (!isFirst || !fence.goesOn()) for (const poller of pollers) poller.tick();
      isFirst = false;
      await Promise.all(pollers.map((poller) => poller.run(signal)));
    },
  };
}

function laneUnit(name: string, lane: Lane, { clock, log, fenced }: UnitDeps): Unit {
  const { fence, store } = fenced(name);
  return {
    name,
    kind: 'lane',
    lastsMs: LEASE_MS,
    fence,
    async takeUp() {
      const messages = await store.recoverMessages(clock.now(), lane.channels);
      if (messages > 0) log.info('taken-up', { unit: name, messagesToRepeat: messages });
    },
    run: (signal) => lane.run(signal),
  };
}
