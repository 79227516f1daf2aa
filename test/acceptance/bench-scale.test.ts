import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureBytes } from '../../bench/scale/measure-bytes.ts';
import { measureScale } from '../../bench/scale/measure-scale.ts';
import { bytesTable, scaleTable } from '../../bench/scale/scale-table.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

it('the bench of replicas still measures accounts x replicas, each of which takes no more than its connections', async () => {
  const sizes = { accounts: 6, tasks: 10, latencyMs: 1, everyS: 2, replicas: [2], windowS: 2, settleS: 0 };
  const rows = await measureScale({ ...sizes, saturates: false }, server, () => undefined);
  expect(rows.map(({ replicas, held }) => [replicas, held.toSorted()])).toEqual([
    [null, []],
    [2, [3, 3]],
  ]);
  expect(rows[1]?.databaseConnections).toBeLessThanOrEqual(10);
  const table = scaleTable(rows).join('\n');
  for (const name of ['SQLite', 'PostgreSQL, 2']) expect(table).toContain(name);
  expect(table).not.toMatch(/NaN|Infinity/);
});

it('it still weighs what is stored, and pruned polls make room for others', async () => {
  const rows = await measureBytes(100, server);
  for (const { perTask, perPoll, whole, refilled } of rows) {
    expect(perTask).toBeGreaterThan(100);
    expect(perPoll).toBeGreaterThan(100);
    expect(refilled).toBeLessThan(1.5 * whole);
  }
  expect(bytesTable(rows).join('\n')).not.toMatch(/NaN|Infinity/);
});
