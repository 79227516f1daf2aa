import { explain } from '../../src/commands/explain.ts';
import { list } from '../../src/commands/list.ts';
import { polls } from '../../src/commands/polls.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { poll } from '../../src/poll/poll.ts';
import type { ReadResult } from '../../src/poll/task-reader.ts';
import { vendorRow } from '../../src/sandbox/row.ts';
import { openStore } from '../../src/store/registry.ts';
import { hidingSecrets } from '../../src/tencent/hide-secrets.ts';
import { parsePage } from '../../src/tencent/parse.ts';
import { readFailure } from '../../src/tencent/read-failure.ts';
import { writeConfigFile } from './config-file.ts';
import { ACCOUNT, pollKit } from './poll-kit.ts';

export type HostileCommand = 'list' | 'explain' | 'polls' | 'poll detail';

export interface HostileCommands {
  /** Of the terminal that they printed to. */
  readonly columns: number;
  /** What each command printed, one text a call. */
  forPeople(command: HostileCommand): readonly string[];
  /** The same with --json. */
  forPrograms(command: HostileCommand): readonly string[];
  /** The tasks of which a second poll with the same answer noted a change. */
  readonly changedAtSecondSight: readonly string[];
  remove(): void;
}

const COLUMNS = 100;
const never = new AbortController().signal;

/** An API's rows with each text in every field, and its errors with each text as their message, polled into a store; then what commands print. */
export async function runHostileCommands(texts: readonly string[]): Promise<HostileCommands> {
  const nowhere = 'http://127.0.0.1:9';
  const file = writeConfigFile({ sandbox: { url: nowhere }, hook: { url: `${nowhere}/services/T0/B0/x` } });
  const ids = texts.map((_, at) => `rep-hostile${at}`);
  const changedAtSecondSight = await fillStore(file.storePath, texts, ids);
  const options = { config: file.path, limit: 1_000 };
  const print = async (work: (screen: Parameters<typeof list>[1]) => Promise<unknown>): Promise<string> => {
    const lines: string[] = [];
    const add = (text: string): void => void lines.push(text);
    await work({ env: {}, columns: COLUMNS, colour: false, print: add, complain: add });
    return lines.join('\n');
  };
  const all = (json: boolean): Promise<Record<HostileCommand, readonly string[]>> =>
    printAll(ids, (call) => print((screen) => call({ ...options, json }, screen)));
  const [people, programs] = [await all(false), await all(true)];
  return {
    columns: COLUMNS,
    forPeople: (command) => people[command],
    forPrograms: (command) => programs[command],
    changedAtSecondSight,
    remove: () => file.remove(),
  };
}

type Call = (
  options: { config: string; limit: number; json: boolean },
  screen: Parameters<typeof list>[1],
) => Promise<unknown>;

async function printAll(
  ids: readonly string[],
  run: (call: Call) => Promise<string>,
): Promise<Record<HostileCommand, readonly string[]>> {
  const explained: string[] = [];
  for (const id of ids) explained.push(await run((options, screen) => explain(id, options, screen)));
  const details: string[] = [];
  // The polls of the rows, then one for each error.
  for (let id = 1; id <= ids.length + 2; id += 1)
    details.push(await run((options, screen) => polls(String(id), options, screen)));
  return {
    list: [await run(({ limit: _limit, ...options }, screen) => list({ ...options, all: true }, screen))],
    explain: explained,
    polls: [await run((options, screen) => polls(undefined, options, screen))],
    'poll detail': details,
  };
}

async function fillStore(path: string, texts: readonly string[], ids: readonly string[]): Promise<readonly string[]> {
  const store = await openStore({ engine: 'sqlite', path }, { mode: 'owner', clock: systemClock });
  try {
    await store.syncAccounts([{ name: ACCOUNT.name, filterKey: 'all' }], Date.now());
    const answers: ReadResult[] = [pageOf(texts, ids), pageOf(texts, ids), ...texts.map(failureOf)];
    for (const answer of answers) {
      const { account, deps } = await pollKit({ read: async () => answer });
      await poll(account, { ...deps, store, clock: systemClock }, never);
    }
    const changes = await Promise.all(ids.map((id) => store.changes(ACCOUNT.name, id)));
    return ids.filter((_, at) => changes[at]?.length !== 1);
  } finally {
    await store.close();
  }
}

function pageOf(texts: readonly string[], ids: readonly string[]): ReadResult {
  const createdAt = Math.floor(Date.now() / 1000) * 1000 - 60_000;
  const rows = texts.map((text, at) => ({
    ...vendorRow(
      { TaskId: ids[at] ?? '' },
      { number: at, createdAt: createdAt + at * 1000, utcOffsetMs: ACCOUNT.utcOffsetMs },
    ),
    InstanceId: text,
    Alias: text,
    TaskDetail: text,
    TaskTypeName: text,
    TaskSubType: text,
    AuthSource: text,
    Product: text,
    Zone: text,
    VpcName: text,
    LanIp: text,
  }));
  const bad = texts.map((text) => ({ TaskId: text, TaskStatus: text, CreateTime: text }));
  const sent = JSON.stringify({ TotalCount: rows.length + bad.length, RepairTaskInfoSet: [...rows, ...bad] });
  const context = { utcOffsetMs: ACCOUNT.utcOffsetMs, requestId: 'r', serverDate: null };
  const read = parsePage(JSON.parse(sent), context);
  if (!read.ok) throw new Error(read.problem);
  return { ok: true, page: read.page, cost: { requests: 1, throttles: 0 } };
}

function failureOf(text: string): ReadResult {
  const shown = hidingSecrets(null, '');
  const problem = {
    class: 'refused',
    code: shown(text, 64),
    detail: shown(text, 400),
    requestId: shown(text, 64),
  } as const;
  return { ok: false, failure: readFailure(ACCOUNT.name, problem, 1, 'live'), cost: { requests: 1, throttles: 0 } };
}
