import { median, quantile } from '../reading/statistics.ts';
import { markdownTable, mb, ms } from '../reading/table.ts';
import type { BytesRow } from './measure-bytes.ts';
import type { ScaleRow } from './scale-row.ts';

const HEADINGS = [
  'accounts',
  'store, replicas',
  'polls due',
  'done',
  'late p50, p99',
  'processor: replicas',
  'database',
  'transactions',
  'connections',
  'memory of each',
  'accounts of each',
];

const share = (value: number): string => `${(100 * value).toFixed(0)} %`;
const rate = (value: number): string => `${value < 50 ? value.toFixed(1) : value.toFixed(0)}/s`;
const orNothing = (value: number | null, shown: (value: number) => string): string =>
  value === null ? '' : shown(value);

/** The rows as lines of a Markdown table. */
export function scaleTable(rows: readonly ScaleRow[]): readonly string[] {
  return markdownTable(
    HEADINGS,
    rows.map((row) => [
      String(row.accounts),
      row.replicas === null ? 'SQLite' : `PostgreSQL, ${row.replicas}`,
      rate(row.duePerSecond),
      row.doneShare === null ? rate(row.pollsPerSecond) : `${rate(row.pollsPerSecond)} (${share(row.doneShare)})`,
      row.lateMs.length === 0 ? '' : `${ms(median(row.lateMs))}, ${ms(quantile(row.lateMs, 0.99))}`,
      share(row.processorShare),
      orNothing(row.databaseShare, share),
      orNothing(row.transactionsPerSecond, rate),
      orNothing(row.databaseConnections, String),
      row.residentMb
        .map((value) => mb(value).replace(' MB', ''))
        .join(' + ')
        .concat(' MB'),
      row.held.join(' + '),
    ]),
  );
}

const kilobytes = (value: number): string => `${(value / 1000).toFixed(2)} kB`;
const megabytes = (value: number): string => `${(value / 1e6).toFixed(1)} MB`;

/** The same of what a task and a poll take on disk. */
export function bytesTable(rows: readonly BytesRow[]): readonly string[] {
  return markdownTable(
    ['store', 'a closed task', 'a poll', 'all of it', 'its polls pruned', 'as many polls again'],
    rows.map(({ store, perTask, perPoll, whole, pruned, refilled }) => [
      store,
      kilobytes(perTask),
      kilobytes(perPoll),
      ...[whole, pruned, refilled].map(megabytes),
    ]),
  );
}
