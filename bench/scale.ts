import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { SECOND_MS } from '../src/lib/clock.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { measureSync } from './reading/sync.ts';
import { ms } from './reading/table.ts';
import { distantServer } from './scale/distant-server.ts';
import { measureBytes } from './scale/measure-bytes.ts';
import { measureScale } from './scale/measure-scale.ts';
import type { ScaleRow } from './scale/scale-row.ts';
import { bytesTable, scaleTable } from './scale/scale-table.ts';

/**
 * What docs/operations.md says about sizes: accounts x replicas on a PostgreSQL server of its own, beside the one process on SQLite; how many polls
 * a second come out where the schedule asks for more than can be done; what a task and a poll take on disk. Needs Linux, PostgreSQL and `npm run build`.
 * Usage: npm run bench:scale [-- --accounts 200,500 --saturate 200 --replicas 1,2,3 --every 30 --seconds 15 --latency 100 --away 0
 * --rows 2000 --json]. `--away 1`: the database answers a millisecond later, as over a network. An empty list or `--rows 0` leaves a part out.
 */
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '200,500' },
    saturate: { type: 'string', default: '200' },
    replicas: { type: 'string', default: '1,2,3' },
    every: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '15' },
    latency: { type: 'string', default: '100' },
    away: { type: 'string', default: '0' },
    rows: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
  },
});

function numbers(list: string): readonly number[] {
  const all = list.split(',').filter(Boolean).map(Number);
  if (all.some((value) => !(value > 0))) throw new Error(`"${list}" is no list of numbers above 0`);
  return all;
}

const begun = performance.now();
function progress(line: string): void {
  const seconds = Math.round((performance.now() - begun) / SECOND_MS);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${line}\n`);
}

const sizes = {
  replicas: numbers(values.replicas),
  windowS: Number(values.seconds),
  settleS: 5,
  tasks: 100,
  latencyMs: Number(values.latency),
};
// As durable as the store of a service is.
const server = await startPostgres({ fsync: 'on', full_page_writes: 'on', shared_buffers: '128MB' });
const away = Number(values.away) > 0 ? await distantServer(server.port, Number(values.away)) : null;
try {
  const common = { ...sizes, ...(away && { port: away.port }) };
  const rows: ScaleRow[] = [];
  for (const accounts of numbers(values.accounts)) {
    const paced = { ...common, accounts, everyS: Number(values.every), saturates: false };
    rows.push(...(await measureScale(paced, server, progress)));
  }
  for (const accounts of numbers(values.saturate)) {
    progress('more than can be done');
    rows.push(...(await measureScale({ ...common, accounts, everyS: 1, saturates: true }, server, progress)));
  }
  progress('bytes');
  const bytes = Number(values.rows) > 0 ? await measureBytes(Number(values.rows), server) : [];
  const syncMs = measureSync(tmpdir());
  progress('done');
  if (values.json) console.log(JSON.stringify({ rows, bytes, syncMs }, null, 2));
  else {
    console.log(`a durable write on this disk: ${ms(syncMs)}\n`);
    for (const line of [...scaleTable(rows), '', ...bytesTable(bytes)]) console.log(line);
  }
} finally {
  await away?.close();
  await server.close();
}
