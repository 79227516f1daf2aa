import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';

/** Of one second, more than a page, and of the next one. */
const TASKS = 130;
const NEIGHBOURS = 20;
const second = Date.now() - 2 * 3_600_000;

let stage: CliStage;

const row = (n: number, changes: Readonly<Record<string, string | number>> = {}) => ({
  TaskId: `rep-${n}`,
  InstanceId: `ins-${n}`,
  TaskStatus: 1,
  CreateTime: stage.sandbox.time(second),
  ...changes,
});

beforeAll(async () => {
  stage = await openCliStage({}, { switches: { requestsPerSecond: Number.POSITIVE_INFINITY } });
  const next = stage.sandbox.time(second + 1000);
  stage.sandbox
    .world()
    .load(Array.from({ length: TASKS + NEIGHBOURS }, (_, n) => row(n, n < TASKS ? {} : { CreateTime: next })));
});

afterAll(() => stage.close());

/** A poll of the built program: what its ledger says, and the ids of what is pending after it. */
async function pollOnce() {
  const end = await stage.run(['once']);
  const ledger = JSON.parse((await stage.run(['polls', '--json'])).stdout);
  const { tasks } = JSON.parse((await stage.run(['list', '--json'])).stdout);
  const last = ledger.find(({ kind }: { kind: string }) => kind === 'poll');
  const pending: ReadonlySet<string> = new Set(tasks.map(({ taskId }: { taskId: string }) => taskId));
  return { code: end.code, result: last.result, requests: last.requests, pending };
}

it('a second of more than a page is read whole, whatever comes late, goes and comes back, and cheaply where nothing does', async () => {
  const world = stage.sandbox.world();
  const first = await pollOnce();
  expect(first).toMatchObject({ code: 0, result: 'complete' });
  expect(first.pending.size).toBe(TASKS + NEIGHBOURS);

  world.remove('rep-7');
  world.add(row(1_000));
  world.set('rep-8', { TaskStatus: 3 });
  const moved = await pollOnce();
  expect(moved).toMatchObject({ code: 0, result: 'complete' });
  expect(moved.pending.has('rep-1000')).toBe(true);
  expect(moved.pending.has('rep-8')).toBe(false);

  world.restore('rep-7');
  const back = await pollOnce();
  expect(back.pending.size).toBe(TASKS + NEIGHBOURS);
  expect(back.pending.has('rep-7')).toBe(true);

  await stage.run(['once']);
  const quiet = await pollOnce();
  expect(quiet).toMatchObject({ code: 0, result: 'complete' });
  expect(quiet.pending).toEqual(back.pending);
  expect(quiet.requests).toBeLessThanOrEqual(24);
});
