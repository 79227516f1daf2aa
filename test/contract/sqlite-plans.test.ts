import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/registry.ts';
import { text } from '../../src/store/row.ts';
import type { Database, Sql } from '../../src/store/sql.ts';
import { sqlStore } from '../../src/store/sql-store.ts';
import { SqliteFile } from '../../src/store/sqlite.ts';
import { SqliteDatabase } from '../../src/store/sqlite-database.ts';
import {
  claimedOf,
  digestFacts,
  LANE,
  LEASE_MS,
  oneEach,
  page,
  pendingAlert,
  pollEnd,
  pollThatFinds,
  remindOf,
  T0,
  taskRow,
  waits,
} from '../support/store-world.ts';

/** Tables that grow with history; a loop that reads one whole grows with it. */
const GROWING = [
  'ack',
  'mute',
  'withheld',
  'task',
  'change',
  'alert',
  'delivery',
  'message',
  'poll',
  'reminder',
  'digest_change',
  'digest_made',
];
/** Indexes of what is open, unsent or running: their size does not depend on what is closed. */
const OF_THE_PRESENT = [
  'task_remind',
  'ack_live',
  'mute_live',
  'withheld_open',
  'task_open',
  'task_listed',
  'alert_held',
  'message_unsettled',
  'message_dead',
  'delivery_unbound',
  'poll_open',
];

function recording(db: Database, statements: Set<string>): Database {
  const recorded = (sql: Sql): Sql => ({
    all: (statement, params) => sql.all(noted(statement), params),
    map: (statement, params, each) => sql.map(noted(statement), params, each),
    run: (statement, params) => sql.run(noted(statement), params),
    many: (statement, rows) => sql.many(noted(statement), rows),
  });
  const noted = (statement: string): string => {
    statements.add(statement);
    return statement;
  };
  return {
    engine: db.engine,
    read: (work) => db.read((sql) => work(recorded(sql))),
    write: (work) => db.write((sql) => work(recorded(sql))),
    close: () => db.close(),
  };
}

test('no loop of the service reads a table whole that grows with history', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'repairwatch-'));
  const path = join(directory, 'store.db');
  await (await openStore({ engine: 'sqlite', path }, { mode: 'owner', clock: { now: () => T0 } })).close();
  const file = new SqliteFile(path, { readOnly: false, timeoutMs: 0 });
  const statements = new Set<string>();
  const store = sqlStore(recording(new SqliteDatabase(file), statements));

  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await store.syncDigests([{ name: 'morning', scheduleKey: 'daily', nextAt: T0 }], T0);
  await pollThatFinds(store, ['rep-a', 'rep-b']);
  const { poll } = await store.beginPoll('prod', 'poll', T0);
  await store.commitPage(poll, ['rep-a', 'rep-b'], () => page({ touch: ['rep-a', 'rep-b'] }));
  await store.finishLive(poll, T0);
  await store.unseenTasks(poll);
  await store.tasksCreatedAt('prod', T0);
  await store.openTaskCount('prod');
  await store.endPoll(poll, pollEnd());
  await store.recoverPolls(T0);
  const claimed = claimedOf(await store.claim(LANE, T0, LEASE_MS, oneEach));
  await store.renew(claimed, T0 + LEASE_MS);
  await store.settle(claimed, waits());
  await store.recoverMessages(T0);
  await store.backlog();
  await store.openTasks({ pendingOnly: true });
  await remindOf(store, T0, 1, pendingAlert('rep-a'));
  await store.dueDigests(T0);
  await store.makeDigest({ name: 'morning', scheduledAt: T0, nextAt: T0 + 1, channels: ['mail'] }, T0, digestFacts);
  await store.acknowledge({ account: 'prod', taskId: 'rep-a', revision: null, by: 'ann', until: T0 }, T0);
  await store.silences(T0);
  await store.heldBack();
  await store.silenceStory('prod', 'rep-a', T0);
  await store.endSilences(T0, () => 'keep');
  await store.task('rep-a');
  await store.changes('prod', 'rep-a');
  await store.polls({ account: 'prod', limit: 10 });
  await store.lastAudit('prod');
  await store.dropChannels(['slack', 'mail'], () => [], [], T0);

  const whole = [...statements].flatMap((statement) =>
    file
      .all(`EXPLAIN QUERY PLAN ${statement}`)
      .map((row) => text(row, 'detail'))
      .filter((detail) => GROWING.some((table) => new RegExp(`^SCAN ${table}\\b`).test(detail)))
      .filter((detail) => !OF_THE_PRESENT.some((index) => detail.endsWith(`INDEX ${index}`)))
      .map((detail) => `${detail}: ${statement}`),
  );
  expect(statements.size).toBeGreaterThan(30);
  expect(whole).toEqual([]);
  await store.close();
  await rm(directory, { recursive: true });
});

test('a part of a list is read from where the one before ended, without sorting or skipping', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'repairwatch-')), 'store.db');
  await (await openStore({ engine: 'sqlite', path }, { mode: 'owner', clock: { now: () => T0 } })).close();
  const file = new SqliteFile(path, { readOnly: false, timeoutMs: 0 });
  const statements = new Set<string>();
  const store = sqlStore(recording(new SqliteDatabase(file), statements));
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  const { poll } = await store.beginPoll('prod', 'poll', T0);
  const closed = { ending: 'closed' } as const;
  const ids = ['rep-a', 'rep-b', 'rep-c'];
  const rows = ids.flatMap((taskId) => [
    taskRow({ taskId }),
    taskRow({ taskId: `${taskId}-over`, taskStatus: 3 }, closed),
  ]);
  await store.commitPage(poll, [], () => page({ write: rows }));
  statements.clear();
  for (const state of ['pending', 'open', 'closed'] as const) {
    const { next } = await store.taskPart({ state }, null, 1, T0);
    await store.taskPart({ state, zones: ['ap-1'], text: 'a' }, next, 1, T0);
  }
  await store.startedRepairs(T0, T0 + 1);
  for (const statement of statements) {
    const plan = file.all(`EXPLAIN QUERY PLAN ${statement}`).map((row) => text(row, 'detail'));
    if (plan.length > 0 && !statement.includes('COUNT(*)')) {
      expect(plan.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
      const reads = plan.filter((detail) => !/^(?:CO-ROUTINE|SCAN) task$/.test(detail));
      expect(reads[0]).toMatch(/ task USING INDEX task_(?:listed|closed)/);
    } else if (statement.includes('COUNT(*)')) expect(plan[0]).toMatch(/SEARCH task USING INDEX task_begun/);
  }
  expect(statements.size).toBeGreaterThan(10);
  await store.close();
});
