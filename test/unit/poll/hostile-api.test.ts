import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { Page, PageQuery, ReadResult, TaskReader } from '../../../src/poll/task-reader.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { ACCOUNT, NOW, type PollKit, pollKit } from '../../support/poll-kit.ts';

const never = new AbortController().signal;

/** Changes pages on their way. */
function changed(world: ModelWorld, change: (page: Page, query: PageQuery) => Page): TaskReader {
  return {
    async read(query) {
      const answer = await world.read(query);
      return answer.ok ? { ...answer, page: change(answer.page, query) } : answer;
    },
  };
}

const statusOf = async (kit: PollKit, taskId: string) => (await kit.store.task(taskId))[0]?.task.taskStatus;

it('answers every departed task where the API takes no window of two days', async () => {
  const world = new ModelWorld(NOW, { spanMs: 1.5 * DAY_MS });
  const ids = Array.from({ length: 10 }, (_, at) => world.birth(NOW - 3 * (at + 1) * DAY_MS));
  const kit = await pollKit(world);
  const deps = { ...kit.deps, poll: { ...kit.deps.poll, sinceMs: NOW - 40 * DAY_MS } };
  await poll(kit.account, deps, never);
  for (const taskId of ids) world.move(taskId, 3);
  expect(await poll(kit.account, deps, never)).toMatchObject({ result: 'complete', open: 0 });
});

it('concludes nothing from the answers of an API that does not go by the ids', async () => {
  const world = new ModelWorld(NOW);
  const ids = Array.from({ length: 140 }, (_, at) => world.birth(NOW - 3 * DAY_MS + at * SECOND_MS, at < 120 ? 3 : 1));
  const kit = await pollKit({ read: ({ taskIds: _ignored, ...query }) => world.read(query) });
  await poll(kit.account, kit.deps, never);
  world.move(ids.at(-1) ?? '', 3);
  for (let polls = 0; polls < 3; polls += 1)
    expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'incomplete', open: 20 });
});

it('takes a row that cannot be read and has no id for the task that was asked for alone', async () => {
  const world = new ModelWorld(NOW);
  const taskId = world.birth(NOW - DAY_MS);
  let garbled = false;
  const kit = await pollKit(
    changed(world, (page) => {
      const bad = page.rows.map(() => ({ taskId: null, raw: '{}', problem: 'TaskId is missing' }));
      return garbled ? { ...page, rows: [], bad } : page;
    }),
  );
  await poll(kit.account, kit.deps, never);
  garbled = true;
  for (let polls = 0; polls < 3; polls += 1) await poll(kit.account, kit.deps, never);
  expect(await kit.store.openTasks({ pendingOnly: true })).toMatchObject([{ task: { taskId }, absentPolls: 0 }]);
});

it.each([
  ['has no product in its rows', null],
  ['writes the product otherwise than the filter', 'cvm'],
])('asks what became of a task that the filter let through though the API %s', async (_name, product) => {
  const world = new ModelWorld(NOW);
  const taskId = world.birth(NOW - 3 * DAY_MS);
  // So that what is read anew begins after the task.
  world.birth(NOW - DAY_MS);
  const account = { ...ACCOUNT, filter: { ...ACCOUNT.filter, product: 'CVM' } };
  const reader = changed(world, (page) => ({ ...page, rows: page.rows.map((task) => ({ ...task, product })) }));
  const kit = await pollKit(reader, account);
  await poll(kit.account, kit.deps, never);
  world.move(taskId, 3);
  await poll(kit.account, kit.deps, never);
  expect(await kit.store.task(taskId)).toMatchObject([{ task: { taskStatus: 3 }, ending: 'closed' }]);
});

it('goes on after a full page, even where TotalCount, counted a moment before, says that it is the last', async () => {
  const world = new ModelWorld(NOW);
  for (let made = 0; made < 101; made += 1) world.birth(NOW - DAY_MS + made * SECOND_MS);
  const kit = await pollKit(changed(world, (page) => ({ ...page, totalCount: Math.min(page.totalCount, 100) })));
  expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'complete', open: 101 });
});

it('a task that every answer shows twice, in two states, is known by the one that waits', async () => {
  const world = new ModelWorld(NOW);
  const taskId = world.birth(NOW - 2 * DAY_MS);
  world.birth(NOW - DAY_MS);
  const twice = (page: Page) => page.rows.flatMap((task) => (task.taskId === taskId ? inTwoStates(task) : [task]));
  const inTwoStates = (task: RepairTask) => (turn++ % 2 === 0 ? [task, other(task)] : [other(task), task]);
  const other = (task: RepairTask) => ({ ...task, taskStatus: 2, subnetName: 'b' });
  let turn = 0;
  const kit = await pollKit(changed(world, (page) => ({ ...page, rows: twice(page) })));
  for (let polls = 0; polls < 2; polls += 1)
    expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'complete', open: 2 });
  expect(await kit.store.task(taskId)).toMatchObject([{ task: { taskStatus: 1 }, revision: 1 }]);
});

describe('a page that proves nothing', () => {
  const repeating = (page: Page) => ({ ...page, rows: [...page.rows.slice(0, -1), ...page.rows.slice(-2, -1)] });

  it.each<[string, (page: Page, query: PageQuery) => Page]>([
    ['shows one task twice and leaves out another one', repeating],
    ['has fewer rows than it should', (page) => ({ ...page, rows: page.rows.slice(0, -1) })],
  ])('since it %s leaves the poll incomplete, which keeps what it saw', async (_name, spoil) => {
    const world = new ModelWorld(NOW);
    for (let made = 3; made > 0; made -= 1) world.birth(NOW - made * DAY_MS);
    const kit = await pollKit(changed(world, (page, query) => (page.rows.length < 3 ? page : spoil(page, query))));
    expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'incomplete', open: 2 });
    expect((await kit.store.accounts())[0]).toMatchObject({ checkpoint: null });
  });

  it('shows a task in two states: it is asked for, and the poll is incomplete', async () => {
    const world = new ModelWorld(NOW);
    for (let made = 3; made > 0; made -= 1) world.birth(NOW - made * DAY_MS);
    const twoStates = (page: Page) => ({
      ...page,
      rows: repeating(page).rows.map((task, at) => (at < 2 ? task : { ...task, taskStatus: 2 })),
    });
    const kit = await pollKit(changed(world, (page) => (page.rows.length < 3 ? page : twoStates(page))));
    expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'incomplete', open: 2 });
    expect(await kit.store.openTasks({ pendingOnly: true })).toHaveLength(2);
  });

  it('of a second that keeps moving leaves its tasks known', async () => {
    const world = new ModelWorld(NOW);
    for (let made = 150; made > 0; made -= 1) world.birth(NOW - DAY_MS);
    let counts = 0;
    const moving = (page: Page) => ({ ...page, totalCount: page.totalCount - (counts++ % 2) });
    const kit = await pollKit(changed(world, (page, query) => (query.taskIds === undefined ? moving(page) : page)));
    expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'incomplete', open: 150 });
  });
});

describe('a second that overfills a page, from which one task goes as another comes, so that a third is skipped', () => {
  let world: ModelWorld;
  let ids: readonly string[];
  let moved: boolean;

  beforeEach(() => {
    // A second that the next window shows once more would hide the loss.
    world = new ModelWorld(NOW, { startInclusive: false });
    ids = Array.from({ length: 150 }, () => world.birth(NOW - DAY_MS));
    moved = false;
  });

  /** The API in the order of ids; `goes` happens to the first task between the first two pages that are read by offset. */
  function inOrder(goes: () => void, shows: (taskId: string, query: PageQuery) => boolean): TaskReader['read'] {
    return async (query) => {
      const all = await world.read({ ...query, offset: 0, limit: 1_000 });
      if (!all.ok) return all;
      const answer = pageOf(all, query, (taskId) => shows(taskId, query));
      if (query.endDate !== undefined && !moved) {
        moved = true;
        goes();
        world.birth(NOW - DAY_MS);
      }
      return answer;
    };
  }

  it('is not taken for read where a lagging answer still shows the one that went', async () => {
    let lagging = 2;
    const goes = () => world.list(ids[0] ?? '', false);
    const read = inOrder(goes, () => true);
    const lag: TaskReader['read'] = async (query, priority, signal) => {
      const late = moved && query.taskIds?.includes(ids[0] ?? '') === true && lagging > 0;
      if (late) lagging -= 1;
      world.list(ids[0] ?? '', !moved || late);
      const answer = await read(query, priority, signal);
      if (moved) world.list(ids[0] ?? '', false);
      return answer;
    };
    const kit = await pollKit({ read: lag });
    expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'complete' });
    expect(await statusOf(kit, ids[100] ?? '')).toBe(1);
  });

  it('is not taken for read where the one that went only left the filter', async () => {
    const shows = (taskId: string, query: PageQuery) => !(moved && taskId === ids[0] && query.product !== undefined);
    const read = inOrder(() => undefined, shows);
    const account = { ...ACCOUNT, filter: { ...ACCOUNT.filter, product: 'CVM' } };
    const kit = await pollKit({ read }, account);
    expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'complete' });
    expect(await statusOf(kit, ids[100] ?? '')).toBe(1);
  });
});

it('a known second in which one goes as another comes back, amid the answers, hides no task that came late', async () => {
  const world = new ModelWorld(NOW);
  const ids = Array.from({ length: 900 }, () => world.birth(NOW - HOUR_MS));
  const [late = '', gone = '', goes = ''] = [ids[650], ids[600], ids[10]];
  let swap = (): void => undefined;
  const read: TaskReader['read'] = async (query) => {
    const all = await world.read({ ...query, offset: 0, limit: 1_000 });
    if (!all.ok) return all;
    if (query.taskIds !== undefined) swap();
    return pageOf(all, query, () => true);
  };
  const kit = await pollKit({ read });
  const see = async () => {
    expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'complete' });
    await kit.clock.advance(MINUTE_MS);
  };
  world.list(late, false);
  await see();
  await see();
  // TotalCount stays the same all along, and each of the other tasks answers once before it goes or after it has come back.
  world.list(late, true);
  world.list(gone, false);
  swap = () => {
    world.list(goes, false);
    world.list(gone, true);
  };
  await see();
  expect(await statusOf(kit, late)).toBe(1);
});

function pageOf(
  all: Extract<ReadResult, { ok: true }>,
  { offset, limit }: PageQuery,
  shows: (taskId: string) => boolean,
): ReadResult {
  const rows = all.page.rows
    .filter(({ taskId }) => shows(taskId))
    .sort((a, b) => a.createTime - b.createTime || (a.taskId < b.taskId ? -1 : 1));
  return { ...all, page: { ...all.page, totalCount: rows.length, rows: rows.slice(offset, offset + limit) } };
}
