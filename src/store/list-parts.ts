import type { EpochMs } from '../lib/clock.ts';
import { PENDING } from '../model/task.ts';
import { hasText } from '../model/task-match.ts';
import { inList } from './in-list.ts';
import { type Bind, closedStretches, openStretches, placeText, type Stretch } from './list-stretches.ts';
import type { Row, Sql, SqlValue } from './sql.ts';
import type { Part, StoredTask, TaskQuery } from './store.ts';
import { storedTask, TASK_COLUMNS } from './task-row.ts';

/** Tasks of one stretch that a part of a narrowed list looks through, so that no statement takes long whatever it finds. */
const LOOKED_THROUGH = 1_000;

/** A row of a list; `stored` is null where the engine let it through and the query does not. */
interface Passed {
  readonly place: readonly SqlValue[];
  readonly stored: StoredTask | null;
}

/** A part of a list. Rejects with a RangeError where `after` is no place of such a list. */
export async function taskPart(
  sql: Sql,
  query: TaskQuery,
  after: string | null,
  limit: number,
  now: EpochMs,
): Promise<Part<StoredTask>> {
  const most = isNarrowed(query) ? Math.max(LOOKED_THROUGH, limit) : null;
  const items: StoredTask[] = [];
  let place: readonly SqlValue[] = [];
  for (const stretch of query.state === 'closed' ? closedStretches(after) : openStretches(after, now)) {
    const wanted = limit - items.length;
    const passed = await passing(sql, stretch, query, most, wanted + 1);
    for (const row of passed) {
      if (row.stored === null) continue;
      if (items.length === limit) return { items, next: placeText(place) };
      items.push(row.stored);
      place = row.place;
    }
    const end = passed.length > wanted ? passed.at(-1)?.place : await endOf(sql, stretch, query, most);
    if (end !== undefined) return { items, next: placeText(end) };
  }
  return { items, next: null };
}

/** At most `limit` of those of a stretch that the query lets through, of a narrowed list among its first `most`. */
function passing(
  sql: Sql,
  stretch: Stretch,
  query: TaskQuery,
  most: number | null,
  limit: number,
): Promise<readonly Passed[]> {
  const { params, bind } = binding();
  const each = (row: Row): Passed => ({ place: stretch.placeOf(row), stored: found(storedTask(row), query) });
  const first = (columns: string, count: number): string =>
    `SELECT ${columns} FROM ${inStretch(stretch, query, bind)} LIMIT ${bind(count)}`;
  if (most === null) return sql.map(first(`${PLACE_COLUMNS}, ${TASK_COLUMNS}`, limit), params, each);
  // What does not pass is not handed over, which would cost most. Both engines keep the order of what stands in the brackets.
  const looked = first(`${PLACE_COLUMNS}, ${TASK_COLUMNS}, task.status, task.type_id, task.zone, task.product`, most);
  return sql.map(
    `SELECT ${PLACE_COLUMNS}, ${TASK_COLUMNS} FROM (${looked}) AS task
     WHERE ${letsThrough(query, params, bind).join(' AND ')} LIMIT ${bind(limit)}`,
    params,
    each,
  );
}

/** The place of the last that was looked at, where a stretch of a narrowed list goes on behind it. */
async function endOf(
  sql: Sql,
  stretch: Stretch,
  query: TaskQuery,
  most: number | null,
): Promise<readonly SqlValue[] | undefined> {
  if (most === null) return undefined;
  const { params, bind } = binding();
  const [last, next] = await sql.all(
    `SELECT ${PLACE_COLUMNS}, task.account, task.changed_at FROM ${inStretch(stretch, query, bind)} LIMIT 2 OFFSET ${bind(most - 1)}`,
    params,
  );
  return last === undefined || next === undefined ? undefined : stretch.placeOf(last);
}

function binding(): { readonly params: SqlValue[]; readonly bind: Bind } {
  const params: SqlValue[] = [];
  return { params, bind: (value) => `$${params.push(value)}` };
}

const PLACE_COLUMNS = 'task.task_id, task.create_time, task.deadline';

/** The rows of a stretch in their order, as what follows FROM. */
function inStretch(stretch: Stretch, { state }: TaskQuery, bind: Bind): string {
  const conditions = [...stretch.conditions(bind), ...(state === 'pending' ? [`task.status = ${PENDING}`] : [])];
  return `task
     WHERE ${conditions.join(' AND ')}
       AND EXISTS (SELECT 1 FROM account WHERE account.name = task.account AND account.retired = 0)
     ORDER BY ${stretch.order}`;
}

function found(stored: StoredTask, { text = '' }: TaskQuery): StoredTask | null {
  return hasText(stored.task, text) ? stored : null;
}

const LISTS = [
  ['task.account', 'accounts'],
  ['task.status', 'statuses'],
  ['task.type_id', 'types'],
  ['task.zone', 'zones'],
  ['task.product', 'products'],
] as const;

function isNarrowed(query: TaskQuery): boolean {
  return (query.text ?? '') !== '' || LISTS.some(([, list]) => (query[list] ?? []).length > 0);
}

function letsThrough(query: TaskQuery, params: SqlValue[], bind: Bind): readonly string[] {
  const lists = LISTS.flatMap(([column, name]) => {
    const values: readonly SqlValue[] = query[name] ?? [];
    if (values.length === 0) return [];
    // No text here holds it, and PostgreSQL refuses to look for it.
    const possible = values.filter((value) => typeof value !== 'string' || !value.includes('\0'));
    if (possible.length === 0) return ['1 = 0'];
    const { list, params: asked } = inList(params.length + 1, possible);
    params.push(...asked);
    return [`${column} ${list}`];
  });
  const { text = '' } = query;
  return text === '' ? lists : [...lists, `LOWER(task.facts) LIKE ${bind(roughly(text))} ESCAPE '\\'`];
}

/** Lets everything through that holds the text, and more: the names of the facts, and what an engine's LOWER leaves as it is. */
function roughly(text: string): string {
  const lower = text.toLowerCase();
  const hasCase =
    /[^\p{ASCII}]/u.test(lower) &&
    lower.replaceAll(/\p{ASCII}/gu, '').toUpperCase() !== lower.replaceAll(/\p{ASCII}/gu, '');
  if (hasCase) return '%';
  return `%${JSON.stringify(lower)
    .slice(1, -1)
    .replaceAll(/[\\%_]/g, '\\$&')}%`;
}
