import { beforeEach, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/lib/clock.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { BadRow, TaskReader } from '../../../src/poll/task-reader.ts';
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
