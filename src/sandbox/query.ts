import { type ApiError, apiError } from './api-error.ts';
import type { TaskQuery } from './parameters.ts';
import type { VendorRow } from './row.ts';
import type { RowsByTime } from './rows-by-time.ts';
import { type Random, shuffle } from './seeded-random.ts';
import type { SandboxSwitches } from './switches.ts';
import { vendorSecond } from './vendor-time.ts';
import type { World } from './world.ts';

/** One page: how many rows match, and those of the asked place. */
export interface QueryResult {
  readonly totalCount: number;
  readonly rows: readonly VendorRow[];
}

export interface QueryContext {
  readonly switches: SandboxSwitches;
  /** The server's now, as `vendorSecond` counts. */
  readonly nowSecond: number;
  readonly random: Random;
  /** Rows that this request sees otherwise than they are: the lag of a replica. */
  readonly otherwise: ReadonlyMap<string, VendorRow | null>;
}

interface Window {
  readonly first: number;
  readonly last: number;
}

const DAY_SECONDS = 86_400;

/** Answers a checked call from a world; an error where the window is wider than allowed. */
export function runQuery(world: World, query: TaskQuery, context: QueryContext): QueryResult | ApiError {
  const { switches, nowSecond } = context;
  const start = query.start ?? nowSecond - (nowSecond % DAY_SECONDS);
  const end = query.end ?? nowSecond;
  if (switches.widestSpanDays !== null && end - start > switches.widestSpanDays * DAY_SECONDS) {
    return apiError('InvalidParameterValue', `StartDate and EndDate are over ${switches.widestSpanDays} days apart.`);
  }
  const window = { first: start + (switches.startInclusive ? 0 : 1), last: end - (switches.endInclusive ? 0 : 1) };
  return isPlain(query) && context.otherwise.size === 0
    ? pageOfIndex(indexesOf(world, query), query, window, context)
    : pageOfMatches(matches(world, query, window, context.otherwise), query, context);
}

/** True where the index by status and CreateTime alone gives the answer. */
function isPlain(query: TaskQuery): boolean {
  const narrowing = [query.product, query.taskTypeIds, query.taskIds, query.instanceIds, query.aliases];
  return query.orderField === 'CreateTime' && narrowing.every((filter) => filter === null);
}

function indexesOf(world: World, query: TaskQuery): readonly RowsByTime[] {
  return [...world.indexes].filter(([status]) => query.taskStatus?.includes(status) ?? true).map(([, rows]) => rows);
}

/** Counts by halving and gathers only the seconds that the page touches, so that a million rows cost no more than a thousand. */
function pageOfIndex(
  indexes: readonly RowsByTime[],
  query: TaskQuery,
  { first, last }: Window,
  context: QueryContext,
): QueryResult {
  const outside = sum(indexes, (rows) => rows.before(first));
  const upTo = (second: number): number => sum(indexes, (rows) => rows.after(second)) - outside;
  const totalCount = Math.max(0, upTo(last));
  const size = Math.max(0, Math.min(query.limit, totalCount - query.offset));
  if (size === 0) return { totalCount, rows: [] };
  const from = query.descending ? totalCount - query.offset - size : query.offset;
  const firstSecond = secondHolding(upTo, from, first, last);
  const lastSecond = secondHolding(upTo, from + size - 1, firstSecond, last);
  const gathered = indexes.flatMap((rows) => rows.between(firstSecond, lastSecond));
  const sorted = inOrder(gathered, { ...query, descending: false }, context);
  const skipped = from - upTo(firstSecond - 1);
  const page = sorted.slice(skipped, skipped + size);
  return { totalCount, rows: query.descending ? page.reverse() : page };
}

/** The second in which the row of that place (from 0) was created. */
function secondHolding(upTo: (second: number) => number, place: number, first: number, last: number): number {
  let low = first;
  let high = last;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (upTo(middle) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

function pageOfMatches(rows: VendorRow[], query: TaskQuery, context: QueryContext): QueryResult {
  const sorted = inOrder(rows, query, context);
  return { totalCount: rows.length, rows: sorted.slice(query.offset, query.offset + query.limit) };
}

function matches(
  world: World,
  query: TaskQuery,
  { first, last }: Window,
  otherwise: ReadonlyMap<string, VendorRow | null>,
): VendorRow[] {
  const listed = query.taskIds
    ? query.taskIds.map((id) => world.get(id)).filter((row) => row !== null)
    : [...world.indexes].flatMap(([, rows]) => rows.between(first, last));
  const seen = [...new Set(listed)].filter((row) => !otherwise.has(row.TaskId));
  for (const row of otherwise.values()) if (row !== null) seen.push(row);
  return seen.filter((row) => fits(row, query, first, last));
}

function fits(row: VendorRow, query: TaskQuery, first: number, last: number): boolean {
  const created = vendorSecond(row.CreateTime) ?? Number.NaN;
  return (
    created >= first &&
    created <= last &&
    (query.product === null || row.Product === query.product) &&
    within(query.taskStatus, Number(row.TaskStatus)) &&
    within(query.taskTypeIds, Number(row.TaskTypeId)) &&
    within(query.taskIds, row.TaskId) &&
    within(query.instanceIds, row.InstanceId) &&
    within(query.aliases, row.Alias)
  );
}

function within<T>(allowed: readonly T[] | null, value: T | null): boolean {
  return allowed === null || (value !== null && allowed.includes(value));
}

/** Sorts with one-second precision, missing times first; the order within a second is chance's. */
function inOrder(rows: VendorRow[], query: TaskQuery, { switches, random }: QueryContext): VendorRow[] {
  if (switches.ties === 'shuffled') shuffle(rows, random);
  const key = (row: VendorRow): string => row[query.orderField] ?? '';
  const sign = query.descending ? -1 : 1;
  return rows.sort((a, b) => sign * compare(key(a), key(b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function sum(indexes: readonly RowsByTime[], count: (rows: RowsByTime) => number): number {
  return indexes.reduce((total, rows) => total + count(rows), 0);
}
