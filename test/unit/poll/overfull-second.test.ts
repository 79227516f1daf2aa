import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { BadRow, PageQuery, TaskReader } from '../../../src/poll/task-reader.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, type PollKit, pollKit } from '../../support/poll-kit.ts';

const never = new AbortController().signal;

let world: ModelWorld;
let kit: PollKit;
/** Rows that come spoilt, by their ids in the world; null: readable after all. */
let spoilt: Map<string, BadRow>;
/** Spoilt rows that are not answered when they are asked for by id. */
let unanswered: Set<string>;

const reader: TaskReader = {
  async read(query) {
    const answer = await world.read(query);
    if (!answer.ok) return answer;
    const rows = answer.page.rows.filter(({ taskId }) => !(query.taskIds !== undefined && unanswered.has(taskId)));
    const bad = rows.flatMap(({ taskId }) => spoilt.get(taskId) ?? []);
    const totalCount = answer.page.totalCount - (answer.page.rows.length - rows.length);
    const page = { ...answer.page, totalCount, rows: rows.filter(({ taskId }) => !spoilt.has(taskId)), bad };
    return { ...answer, page };
  },
};

/** The ids of one second's tasks, more than a page. */
let ids: readonly string[];

beforeEach(async () => {
  world = new ModelWorld(NOW);
  spoilt = new Map();
  unanswered = new Set();
  kit = await pollKit(reader);
  ids = Array.from({ length: 250 }, () => world.birth(NOW - DAY_MS));
  world.birth(NOW - HOUR_MS);
});

const see = () => poll(kit.account, kit.deps, never);
const nameless = (raw: string): BadRow => ({ taskId: null, raw, problem: 'TaskId is missing; it must be a text' });

async function setAside(): Promise<readonly (string | null)[]> {
  const [last] = await kit.store.polls({ limit: 1 });
  if (last === undefined) return [];
  return (await kit.store.setAsideRows(last)).map(({ raw }) => raw);
}

it('is proven with a row that has no id: it is counted by its text and set aside once', async () => {
  spoilt.set(ids[3] ?? '', nameless('{"TaskStatus":1}'));
  expect(await see()).toMatchObject({ result: 'complete' });
  expect(await kit.store.openTasks({ pendingOnly: true })).toHaveLength(250);
  expect(await setAside()).toEqual(['{"TaskStatus":1}']);
  expect(await kit.store.episodes()).toMatchObject([{ code: 'rows-set-aside' }]);
});

it('asks for its tasks by id no more often for a row that has none', async () => {
  spoilt.set(ids[3] ?? '', nameless('{"TaskStatus":1}'));
  const lists: number[] = [];
  const read: TaskReader['read'] = (query, priority, signal) => {
    if (query.taskIds !== undefined) lists.push(query.taskIds.length);
    return reader.read(query, priority, signal);
  };
  const account = { ...kit.account, reader: { ...kit.account.reader, read } };
  expect(await poll(account, kit.deps, never)).toMatchObject({ result: 'complete' });
  const rounds = lists.filter((length) => length < 100).length;
  expect(rounds).toBe(4);
});

it('is proven with rows whose texts are equal, once one page shows them together, and keeps the text once', async () => {
  for (const at of [3, 4]) spoilt.set(ids[at] ?? '', nameless('null'));
  expect(await see()).toMatchObject({ result: 'complete' });
  expect(await setAside()).toEqual(['null']);
});

it('is proven with an unreadable row that has an id but does not answer to it', async () => {
  const taskId = ids[3] ?? '';
  spoilt.set(taskId, { taskId, raw: '{"TaskId":"…"}', problem: 'CreateTime is missing' });
  unanswered.add(taskId);
  expect(await see()).toMatchObject({ result: 'complete' });
  expect(await setAside()).toEqual(['{"TaskId":"…"}']);
});

it('reads a row by its id that could not be read at first', async () => {
  const taskId = ids[3] ?? '';
  const healing = new Map([[taskId, { taskId, raw: '{}', problem: 'CreateTime is missing' }]]);
  const read: TaskReader['read'] = (query, priority, signal) => {
    spoilt = query.taskIds === undefined ? healing : new Map();
    return reader.read(query, priority, signal);
  };
  const account = { ...kit.account, reader: { ...kit.account.reader, read } };
  expect(await poll(account, kit.deps, never)).toMatchObject({ result: 'complete' });
  expect(await kit.store.task(taskId)).toMatchObject([{ task: { taskStatus: 1 } }]);
});

it('of more than a thousand tasks is complete', async () => {
  for (let made = 0; made < 1_000; made += 1) world.birth(NOW - DAY_MS);
  const summary = await see();
  expect(summary).toMatchObject({ result: 'complete', reason: null });
  expect(summary.sets.find(({ set }) => set === 'live')).toMatchObject({ complete: true, distinct: 1_251 });
  expect(await kit.store.openTasks({ pendingOnly: true })).toHaveLength(1_251);
});

describe('a second of more than a page that the polls know', () => {
  let sets: (set: string) => number | undefined;
  let asked: PageQuery[];

  beforeEach(async () => {
    world = new ModelWorld(NOW);
    kit = await pollKit({
      read: (query) => {
        asked.push(query);
        return world.read(query);
      },
    });
    asked = [];
    ids = Array.from({ length: 450 }, () => world.birth(NOW - HOUR_MS));
    await pollLater();
    await pollLater();
  });

  async function pollLater() {
    asked = [];
    const summary = await see();
    sets = (name) => summary.sets.find(({ set }) => set === name)?.requests;
    await kit.clock.advance(5 * MINUTE_MS);
    return summary;
  }

  it('costs two answers a task where nothing has changed, and is read once a poll', async () => {
    expect(await pollLater()).toMatchObject({ result: 'complete' });
    const twoAnswersEach = asked.filter(({ taskIds }) => taskIds !== undefined);
    expect(twoAnswersEach).toHaveLength(2 * 5);
    expect(sets('live')).toBeLessThanOrEqual(2 * 5 + 12);
    expect(sets('new')).toBeLessThanOrEqual(5);
  });

  it('costs no more for neighbours that overfill a page too', async () => {
    for (const off of [-SECOND_MS, SECOND_MS])
      for (let made = 0; made < 150; made += 1) world.birth(NOW - HOUR_MS + off);
    for (let polls = 0; polls < 2; polls += 1) await pollLater();
    expect(await pollLater()).toMatchObject({ result: 'complete' });
    expect(sets('live')).toBeLessThanOrEqual(2 * 9 + 3 * 12);
  });

  it('shows a task that came late in the place of one that went, whose count is the same', async () => {
    world.list(ids[3] ?? '', false);
    const late = world.birth(NOW - HOUR_MS);
    expect(await pollLater()).toMatchObject({ result: 'complete' });
    expect(await kit.store.task(late)).toMatchObject([{ task: { taskStatus: 1 } }]);
  });

  it('shows what changed, and what came late beside it', async () => {
    world.move(ids[3] ?? '', 2);
    const late = world.birth(NOW - HOUR_MS);
    expect(await pollLater()).toMatchObject({ result: 'complete' });
    expect(await kit.store.task(ids[3] ?? '')).toMatchObject([{ task: { taskStatus: 2 } }]);
    expect(await kit.store.task(late)).toMatchObject([{ task: { taskStatus: 1 } }]);
    expect(await kit.store.openTasks({ pendingOnly: true })).toHaveLength(450);
  });

  it('is read anew after a poll that saw a change, which may have seen it after that second', async () => {
    world.move(ids[3] ?? '', 2);
    await pollLater();
    await pollLater();
    expect(sets('live')).toBeGreaterThan(4 * 10);
    await pollLater();
    expect(sets('live')).toBeLessThanOrEqual(2 * 5 + 12);
  });
});

it('two seconds that only together overfill a page are read without an offset where a bound belongs to its window', async () => {
  const asked: PageQuery[] = [];
  world = new ModelWorld(NOW, { endInclusive: false });
  kit = await pollKit({
    read: (query) => {
      asked.push(query);
      return world.read(query);
    },
  });
  for (let made = 0; made < 150; made += 1) world.birth(NOW - HOUR_MS - (made < 90 ? SECOND_MS : 0));
  expect(await see()).toMatchObject({ result: 'complete' });
  expect(await kit.store.openTasks({ pendingOnly: true })).toHaveLength(150);
  expect(asked.length).toBeLessThanOrEqual(6);
});
