import type { EpochMs } from '../lib/clock.ts';
import { PENDING } from '../model/task.ts';
import { hasText } from '../model/task-match.ts';
import { inList } from './in-list.ts';
import { type Bind, closedStretches, openStretches, placeText, type Stretch } from './list-stretches.ts';
import type { Row, Sql, SqlValue } from './sql.ts';
import type { Part, StoredTask, TaskQuery } from './store.ts';
import { storedTask, TASK_COLUMNS } from './task-row.ts';

/** Tasks that one part of a narrowed list looks through, so that no statement takes long whatever it finds. */
const LOOKED_THROUGH = 1_000;

/** A row of a list; `stored` is null where the query does not let it through. */
interface Looked {
  readonly row: Row;
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
  const most = isNarrowed(query) ? Math.max(LOOKED_THROUGH, limit) : limit;
  const items: StoredTask[] = [];
  let place: readonly SqlValue[] = [];
  let looked = 0;
  for (const stretch of query.state === 'closed' ? closedStretches(after) : openStretches(after, now)) {
    for (const { row, stored } of await rowsOf(sql, stretch, query, most + 1 - looked)) {
      if (looked === most || (stored !== null && items.length === limit)) return { items, next: placeText(place) };
      looked += 1;
      if (items.length < limit) place = stretch.placeOf(row);
      if (stored !== null) items.push(stored);
    }
  }
  return { items, next: null };
}

function rowsOf(sql: Sql, stretch: Stretch, query: TaskQuery, limit: number): Promise<readonly Looked[]> {
  const params: SqlValue[] = [];
  const bind = (value: SqlValue): string => `$${params.push(value)}`;
  const lets = letsThrough(query, params, bind);
  // What does not pass is looked at by the engine and not handed over: that would cost most.
  const facts = lets.length === 0 ? 'task.facts' : `CASE WHEN ${lets.join(' AND ')} THEN task.facts END AS facts`;
  const columns = TASK_COLUMNS.replace('task.facts', facts);
  const conditions = [...stretch.conditions(bind), ...(query.state === 'pending' ? [`task.status = ${PENDING}`] : [])];
  return sql.map(
    `SELECT task.task_id, task.create_time, task.deadline, ${columns} FROM task
     WHERE ${conditions.join(' AND ')}
       AND EXISTS (SELECT 1 FROM account WHERE account.name = task.account AND account.retired = 0)
     ORDER BY ${stretch.order} LIMIT ${bind(limit)}`,
    params,
    (row) => ({ row, stored: row['facts'] === null ? null : found(storedTask(row), query) }),
  );
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
