import { describe, expect, it } from 'vitest';
import type { RouteConfig } from '../../../src/config/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import type { AccountReading } from '../../../src/model/message.ts';
import { decideReminder } from '../../../src/reminder/decide-reminder.ts';
import { createLadder, type Ladder } from '../../../src/reminder/ladder.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import type { StoredTask } from '../../../src/store/store.ts';
import { repairTask } from '../../support/repair-task.ts';
import { taskRow } from '../../support/store-world.ts';

const TOLD = Date.UTC(2026, 10, 20, 4);
const DEADLINE = TOLD + 48 * HOUR_MS;
const LADDER: Ladder = () => new Map([['ops', [24 * HOUR_MS, 4 * HOUR_MS, HOUR_MS]]]);

const stored = (overrides: Partial<StoredTask> = {}): StoredTask => ({
  ...taskRow({ taskId: 'rep-1', authTime: DEADLINE }, { changedAt: TOLD, toldAuthTime: DEADLINE }),
  seenPoll: 1,
  ...overrides,
});
const unknown = (changedAt = TOLD): StoredTask =>
  stored({ task: repairTask({ taskId: 'rep-1', taskTypeId: 106, authTime: null }), toldAuthTime: null, changedAt });
const read = (at: number): AccountReading => ({ account: 'prod', lastCompleteAt: at, known: true });
const decide = (now: number, task = stored(), ladder = LADDER, reading = read(now)) =>
  decideReminder(task, ladder, reading, now);
const rungs = (now: number, task = stored(), ladder = LADDER, reading = read(now)) =>
  decide(now, task, ladder, reading).reminders.map(({ rungMs }) => rungMs / HOUR_MS);

describe('the ladder of a task with a deadline', () => {
  it.each([
    ['30 h before', -30, []],
    ['at the first rung', -24, [24]],
    ['between two rungs', -5, [24]],
    ['after several rungs', -0.5, [1]],
    ['at the deadline', 0, []],
    ['a moment after it, when the next poll may show the start', 0.1, []],
    ['a quarter of an hour after it', 0.25, [0]],
    ['a day and a quarter of an hour after it', 24.25, [-24]],
    ['three days after it', 72.2, [-72]],
  ])('%s asks for its last rung', (_when, hours, expected) => {
    expect(rungs(DEADLINE + hours * HOUR_MS)).toEqual(expected);
  });

  it('leaves out what had passed when the task was last told', () => {
    expect(rungs(DEADLINE - 2 * HOUR_MS, stored({ changedAt: DEADLINE - 3 * HOUR_MS }))).toEqual([]);
    expect(rungs(DEADLINE + 2 * HOUR_MS, stored({ changedAt: DEADLINE + HOUR_MS }))).toEqual([]);
    expect(rungs(DEADLINE + 26 * HOUR_MS, stored({ changedAt: DEADLINE + HOUR_MS }))).toEqual([-24]);
  });

  it('calls nothing overdue before the account was read again, unless it is not read at all', () => {
    const now = DEADLINE + HOUR_MS;
    const before = read(DEADLINE - MINUTE_MS);
    expect(decide(now, stored(), LADDER, before)).toMatchObject({ reminders: [], nextAt: now + 10_000 });
    expect(rungs(now, stored(), LADDER, { ...before, known: false })).toEqual([0]);
  });

  it('reminds of the deadline that was told, whatever it drifted since', () => {
    const drifted = stored({ task: repairTask({ taskId: 'rep-1', authTime: DEADLINE + MINUTE_MS }) });
    expect(decide(DEADLINE - HOUR_MS, drifted)).toMatchObject({
      anchor: DEADLINE,
      reminders: [{ rungMs: HOUR_MS, alert: { event: { deadline: DEADLINE } } }],
    });
  });

  it('says whether a later rung follows, and how old the reading is where it is not recent', () => {
    const eventAt = (hours: number, reading?: AccountReading) =>
      decide(DEADLINE - hours * HOUR_MS, stored(), LADDER, reading).reminders[0]?.alert.event;
    expect([eventAt(4), eventAt(1)]).toMatchObject([{ last: false }, { last: true }]);
    expect(eventAt(1)).not.toHaveProperty('readAt');
    expect(eventAt(1, { ...read(TOLD), known: false })).toMatchObject({ readAt: TOLD });
    expect(eventAt(1, { account: 'prod', lastCompleteAt: null, known: false })).toMatchObject({ readAt: null });
  });
});

describe('a task without a known deadline', () => {
  it.each([
    ['an hour', 1, []],
    ['a day', 24, [-24]],
    ['two and a half days', 60, [-48]],
  ])('is reminded of each day: %s after it was told', (_when, hours, expected) => {
    expect(rungs(TOLD + hours * HOUR_MS, unknown())).toEqual(expected);
  });

  it('begins anew when something about it is told', () => {
    expect(rungs(TOLD + 30 * HOUR_MS, unknown(TOLD + 20 * HOUR_MS))).toEqual([]);
    expect(decide(TOLD + 60 * HOUR_MS, unknown(TOLD + 20 * HOUR_MS)).anchor).toBe(TOLD + 20 * HOUR_MS);
  });
});

describe('the ladders of routes', () => {
  const route = (overrides: Partial<RouteConfig>): RouteConfig => ({
    ...{ match: {}, channels: ['ops'], events: ['reminder'], continue: false },
    ...overrides,
  });
  const ladder = (routes: RouteConfig[]) => createLadder(routes, ['boss'], [HOUR_MS])('prod', repairTask());

  it('are the route’s own, else the general one', () => {
    expect(ladder([route({ remindersMs: [2 * HOUR_MS] })])).toEqual(new Map([['ops', [2 * HOUR_MS]]]));
    expect(ladder([route({})])).toEqual(new Map([['ops', [HOUR_MS]]]));
  });

  it('are empty where the route wants no reminders', () => {
    expect(ladder([route({ remindersMs: [] })])).toEqual(new Map());
    expect(ladder([route({ events: ['pending'] })])).toEqual(new Map());
    expect(decide(DEADLINE + DAY_MS, stored(), () => new Map())).toEqual({
      anchor: DEADLINE,
      reminders: [],
      nextAt: null,
    });
  });

  it('add up where a route says continue, and end at the first that does not', () => {
    const routes = [
      route({ channels: ['ops', 'mail'], remindersMs: [2 * HOUR_MS], continue: true }),
      route({ remindersMs: [3 * HOUR_MS] }),
      route({ channels: ['never'] }),
    ];
    expect(ladder(routes)).toEqual(
      new Map([
        ['ops', [2 * HOUR_MS, 3 * HOUR_MS]],
        ['mail', [2 * HOUR_MS]],
      ]),
    );
  });

  it('are the operator’s where no route matches', () => {
    expect(ladder([route({ match: { account: ['test'] } })])).toEqual(new Map([['boss', [HOUR_MS]]]));
  });

  it('give each channel its own last rung', () => {
    const two: Ladder = () =>
      new Map([
        ['ops', [24 * HOUR_MS, 4 * HOUR_MS]],
        ['mail', [24 * HOUR_MS]],
        ['late', [HOUR_MS]],
      ]);
    const told = decide(DEADLINE - 3 * HOUR_MS, stored(), two).reminders;
    expect(told.map(({ rungMs, alert }) => [rungMs / HOUR_MS, alert.channels])).toEqual([
      [4, ['ops']],
      [24, ['mail']],
    ]);
  });
});

it('asked only at the moments that it names, it tells every rung of any ladder once, and nothing else', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = seededRandom(seed);
    const hours = () => Math.ceil(random() * 47) * HOUR_MS;
    const ladder = new Map([['ops', [...new Set([hours(), hours(), hours()])]]]);
    const task = random() < 0.2 ? unknown() : stored();
    const told: number[] = [];
    for (let now: number | null = TOLD; now !== null && now < DEADLINE + 3 * DAY_MS; ) {
      const decision = decide(now, task, () => ladder);
      for (const { rungMs } of decision.reminders) if (!told.includes(rungMs)) told.push(rungMs);
      expect(decision.nextAt).toBeGreaterThan(now);
      now = decision.nextAt;
    }
    const days = task.toldAuthTime === null ? [-1, -2, -3, -4] : [0, -1, -2];
    const before = task.toldAuthTime === null ? [] : (ladder.get('ops') ?? []).toSorted((a, b) => b - a);
    expect(told).toEqual([...before, ...days.map((day) => 0 + day * DAY_MS)]);
  }
});
