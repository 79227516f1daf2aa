import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/lib/clock.ts';
import type { PollRecord } from '../../src/model/poll.ts';
import type { Answer } from '../../src/sandbox/sandbox.ts';
import { type Service, type ServiceKit, startKit } from '../support/service-kit.ts';

/** What this API takes at most; its page says neither. */
const IDS_MAX = 4;
const SPAN_DAYS = 2_000;
const TASKS = Array.from({ length: 10 }, (_, number) => `rep-limited-${number}`);

let kit: ServiceKit;
let service: Service;

beforeAll(async () => {
  kit = await startKit({ sandbox: { switches: { idsMaximum: IDS_MAX, widestSpanDays: SPAN_DAYS } } });
  const createdAt = kit.sandbox.time(Date.now() - HOUR_MS);
  for (const TaskId of TASKS) kit.sandbox.world().add({ TaskId, CreateTime: createdAt });
  // The polls read what is new from shortly before it on, so what is older is asked for by its id.
  kit.sandbox.world().add();
  service = kit.start();
  await service.waitForLog('backfill-finished', ({ complete }) => complete === true);
});

afterAll(() => kit.close());

const tellings = (taskId: string, count: number) =>
  kit.hook.accepted.untilCount(count, ({ body }) => body.includes(taskId));

const isRefused = ({ outcome }: Answer): boolean => outcome.startsWith('InvalidParameterValue');
const idsOf = ({ arrival }: Answer): readonly string[] | undefined => Object(arrival.params).TaskIds;

async function ledger(): Promise<readonly PollRecord[]> {
  const { stdout } = await kit.run(['polls', '--limit', '200', '--json']);
  return JSON.parse(stdout); // the documented form, times aside
}

it('a window that is too wide is halved until one is taken, and that is asked from then on', async () => {
  await Promise.all(TASKS.map((taskId) => tellings(taskId, 1)));
  const before = kit.sandbox.answers.entries.length;
  expect(kit.sandbox.answers.entries.filter(isRefused).length).toBeGreaterThan(0);
  await service.polls(2);
  expect(kit.sandbox.answers.entries.slice(before).filter(isRefused)).toEqual([]);
  const found = await service.waitForLog('api-limit-found', ({ limit }) => limit === 'span');
  expect(found).toMatchObject({ account: 'prod' });
});

it('so is a list of ids: what left is told of each task, and the ledger says which limits were found', async () => {
  for (const TaskId of TASKS) kit.sandbox.world().set(TaskId, { TaskStatus: 3, AuthSource: 'Customer_auth' });
  // Each was told of when it came, and is again now that it left.
  await Promise.all(TASKS.map((taskId) => tellings(taskId, 2)));
  await service.polls(1);
  const lists = kit.sandbox.answers.entries.flatMap((answer) => {
    const ids = idsOf(answer);
    return ids === undefined ? [] : [{ length: ids.length, refused: isRefused(answer) }];
  });
  expect(lists[0]).toEqual({ length: TASKS.length, refused: true });
  for (const { length, refused } of lists) expect(refused).toBe(length > IDS_MAX);
  const polls = (await ledger()).filter(({ result }) => result !== null);
  expect(polls.every(({ result }) => result === 'complete')).toBe(true);
  const notes = polls.flatMap(({ sets }) => sets.flatMap(({ notes: said = [] }) => said));
  expect(notes.filter((note) => /refused a window of \d+.* days \(InvalidParameterValue/.test(note))).toHaveLength(1);
  expect(notes.filter((note) => /refused a list of 10 TaskIds \(InvalidParameterValue/.test(note))).toHaveLength(1);
});

it('a reload that leaves the account as it is asks for nothing that was refused before', async () => {
  const before = kit.sandbox.answers.entries.length;
  kit.configure({ reminders: ['2h'] });
  service.kill('SIGHUP');
  await service.waitForLog('configuration-reloaded');
  await service.polls(2);
  expect(kit.sandbox.answers.entries.slice(before).filter(isRefused)).toEqual([]);
});

it('none of it is the operator’s to solve', async () => {
  const end = await service.stop();
  expect(end.code).toBe(0);
  expect(kit.mail.messages.entries.map(({ email }) => email.subject)).toEqual([]);
});
