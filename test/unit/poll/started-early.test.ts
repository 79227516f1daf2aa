import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { poll } from '../../../src/poll/poll.ts';
import { startedEarly } from '../../../src/poll/started-early.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, pollKit } from '../../support/poll-kit.ts';
import { repairTask } from '../../support/repair-task.ts';

const DEADLINE = NOW + HOUR_MS;
const DEFAULT = 'System_mandatory_auth';
const waiting = { task: repairTask({ authTime: DEADLINE }), toldAuthTime: DEADLINE };
const begun = (fields: object) => repairTask({ taskStatus: 2, authSource: DEFAULT, authTime: NOW, ...fields });

it.each([
  ['an hour before, by default', NOW, begun({}), DEADLINE],
  ['an hour before, and ended since', NOW, begun({ taskStatus: 3 }), DEADLINE],
  ['an hour before, by a preset policy', NOW, begun({ authSource: 'Pre_policy_auth' }), DEADLINE],
  ['an hour before, by a person', NOW, begun({ authSource: 'Customer_auth' }), null],
  ['an hour before, and still with the planned start', NOW, begun({ authTime: DEADLINE }), DEADLINE],
  ['ten minutes before', DEADLINE - 10 * MINUTE_MS, begun({ authTime: DEADLINE - 10 * MINUTE_MS }), null],
  ['on time', DEADLINE, begun({ authTime: DEADLINE }), null],
  ['long before, as is seen only at the deadline', DEADLINE, begun({}), DEADLINE],
  ['not at all: booked', NOW, begun({ taskStatus: 4 }), null],
  ['not at all: cancelled', NOW, begun({ taskStatus: 5 }), null],
])('a repair that began %s', (_when, now, seen, told) => {
  expect(startedEarly(waiting, seen, now)).toBe(told);
});

it('a repair without a known deadline, or that did not wait, is never early', () => {
  const disk = { task: repairTask({ taskTypeId: 106, authTime: null }), toldAuthTime: null };
  expect(startedEarly(disk, begun({}), NOW)).toBeNull();
  expect(startedEarly({ ...waiting, task: repairTask({ taskStatus: 4 }) }, begun({}), NOW)).toBeNull();
});

it('the operator is told of an account whose task started early, and not where a person started it', async () => {
  for (const [authSource, codes] of [
    ['Customer_auth', []],
    [DEFAULT, ['late-task']],
  ] as const) {
    const world = new ModelWorld(NOW);
    world.birth(NOW - HOUR_MS);
    let taskStatus = 1;
    const kit = await pollKit({
      async read(query) {
        const answer = await world.read(query);
        if (!answer.ok) return answer;
        const rows = answer.page.rows.map((task) => (taskStatus === 1 ? task : { ...task, taskStatus, authSource }));
        return { ...answer, page: { ...answer.page, rows } };
      },
    });
    for (taskStatus of [1, 2]) await poll(kit.account, kit.deps, new AbortController().signal);
    const episodes = await kit.store.episodes();
    expect(episodes.map(({ code }) => code)).toEqual(codes);
    if (codes.length > 0) expect(episodes[0]?.subject).toBe('prod started-early');
  }
});

it('on a host whose clock is behind, a repair that began on time by the API’s clock is no sign', async () => {
  const world = new ModelWorld(NOW + HOUR_MS);
  world.birth(NOW);
  let started = false;
  const kit = await pollKit({
    async read(query) {
      const answer = await world.read(query);
      if (!answer.ok) return answer;
      const changes = started ? { taskStatus: 2, authSource: DEFAULT } : {};
      const rows = answer.page.rows.map((task) => ({ ...task, authTime: DEADLINE, ...changes }));
      return { ...answer, page: { ...answer.page, rows } };
    },
  });
  const reader = { ...kit.account.reader, clockOffsetMs: () => HOUR_MS };
  const behind = { ...kit.account, reader };
  for (started of [false, true]) await poll(behind, kit.deps, new AbortController().signal);
  expect(await kit.store.episodes()).toEqual([]);
});
