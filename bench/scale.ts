import { parseArgs } from 'node:util';
import { SECOND_MS } from '../src/lib/clock.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { measureScale } from './scale/measure-scale.ts';
import type { ScaleRow } from './scale/scale-row.ts';
import { scaleTable } from './scale/scale-table.ts';

/**
 * How many accounts one process and several replicas carry: accounts x replicas on a PostgreSQL server of its own, beside the one process on SQLite.
 * Needs Linux and `npm run build`.
 * Usage: npm run bench:scale [-- --accounts 50,200,500,1000 --replicas 1,2,3 --seconds 30 --json]
 */
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '200,500,1000' },
    replicas: { type: 'string', default: '1,2,3' },
    seconds: { type: 'string', default: '15' },
    every: { type: 'string', default: '30' },
    latency: { type: 'string', default: '100' },
    saturate: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const numbers = (list: string): readonly number[] => list.split(',').filter(Boolean).map(Number);

const begun = performance.now();
function progress(line: string): void {
  const seconds = Math.round((performance.now() - begun) / SECOND_MS);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${line}\n`);
}

// As durable as the store of a service is.
const server = await startPostgres({ fsync: 'on', full_page_writes: 'on', shared_buffers: '128MB' });
const rows: ScaleRow[] = [];
try {
  const common = { replicas: numbers(values.replicas), windowS: Number(values.seconds), tasks: 100 };
  for (const accounts of numbers(values.accounts))
    rows.push(
      ...(await measureScale(
        { ...common, accounts, latencyMs: Number(values.latency), everyS: Number(values.every), saturates: false },
        server,
        progress,
      )),
    );
  for (const accounts of numbers(values.saturate))
    rows.push(
      ...(await measureScale(
        { ...common, accounts, latencyMs: Number(values.latency), everyS: 1, saturates: true },
        server,
        progress,
      )),
    );
} finally {
  await server.close();
}
if (values.json) console.log(JSON.stringify(rows, null, 2));
else for (const line of scaleTable(rows)) console.log(line);
