import { type EpochMs, wholeSecond } from '../lib/clock.ts';
import { PRODUCTS, TASK_STATUSES, TASK_TYPES } from '../model/vocabulary.ts';
import type { PageQuery } from '../poll/task-reader.ts';
import { formatApiTime } from '../tencent/api-time.ts';
import type { ListOptions } from './list-options.ts';
import { OptionReader } from './option-reader.ts';
import { remoteDate } from './remote-date.ts';

export interface RemoteContext {
  readonly now: EpochMs;
  /** Of the API's times from UTC. */
  readonly utcOffsetMs: number;
  readonly lookbackMs: number;
}

/** What to ask, and what may not be meant; or why it is not asked, as a sentence. */
export type RemoteQuery =
  | { readonly ok: true; readonly query: PageQuery; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problem: string };

const ROWS_MAX = 100;
/** Undocumented; assumed. */
const LIST_MAX = 100;
const ORDER_FIELDS = ['CreateTime', 'AuthTime', 'EndTime'];
const ORDERS: Readonly<Record<string, PageQuery['order']>> = { asc: 'ascending', desc: 'descending' };
const DATES =
  'a day such as 2026-11-24, a time such as "2026-11-24 12:00:00" or 2026-11-24T12:00+08:00, or how long ago such as 30d';

/** Checks what was typed after `list --remote`; the first problem is the answer. */
export function remoteQuery(options: ListOptions, context: RemoteContext): RemoteQuery {
  const reader = new OptionReader();
  const stored = (['all', 'zone', 'text'] as const).find((option) => options[option] !== undefined);
  if (stored !== undefined) reader.refuse(`--${stored} works on the store only; the API has no such filter.`);
  const query: PageQuery = {
    limit: reader.wholeNumber('--limit', options.limit, ROWS_MAX, 1, ROWS_MAX),
    offset: reader.wholeNumber('--offset', options.offset, 0, 0, Number.MAX_SAFE_INTEGER),
    ...given('product', reader.word('--product', options.product, Object.keys(PRODUCTS))),
    ...filled('taskStatus', reader.codes('--task-status', options.taskStatus, TASK_STATUSES)),
    ...filled('taskTypeIds', reader.codes('--task-type', options.taskType, TASK_TYPES)),
    ...filled('taskIds', reader.ids('--task-id', options.taskId, /^rep-[0-9a-z]+$/, 'rep-xxxxxxx1')),
    ...filled('instanceIds', reader.ids('--instance-id', options.instanceId, /^[a-z]+-[0-9a-z]+$/, 'ins-xxxxxxx1')),
    ...filled('aliases', reader.texts('--alias', options.alias, 'web-1')),
    ...readWindow(options, context, reader),
    ...given('orderField', reader.word('--order-field', options.orderField, ORDER_FIELDS)),
    ...given('order', readOrder(options.order, reader)),
  };
  if (reader.problem !== null) return { ok: false, problem: reader.problem };
  return { ok: true, query, warnings: [...reader.warnings, ...listWarnings(query)] };
}

function readWindow(
  { startDate, endDate }: ListOptions,
  context: RemoteContext,
  reader: OptionReader,
): Pick<PageQuery, 'startDate' | 'endDate'> {
  const { now, utcOffsetMs, lookbackMs } = context;
  const read = (option: string, text: string | undefined, edge: 'start' | 'end'): EpochMs | undefined => {
    if (text === undefined) return undefined;
    const at = remoteDate(text, edge, now, utcOffsetMs);
    if (at === null) reader.refuse(`${option} is "${text}"; it must be ${DATES}.`);
    else if (!isWritable(at)) reader.refuse(`${option} is "${text}"; it must lie between the years 1000 and 9998.`);
    return at ?? undefined;
  };
  const end = read('--end-date', endDate, 'end');
  const preset = wholeSecond((end ?? now) - lookbackMs);
  const start = read('--start-date', startDate, 'start') ?? preset;
  if (reader.problem === null && start > (end ?? now)) {
    const time = (at: EpochMs): string => formatApiTime(at, utcOffsetMs);
    const latest = end === undefined ? `now, ${time(now)}` : `--end-date, ${time(end)}`;
    reader.refuse(`--start-date is ${time(start)} and lies after ${latest}; it must lie before.`);
  }
  return end === undefined ? { startDate: start } : { startDate: start, endDate: end };
}

/** Years of four digits, in every zone. */
function isWritable(at: EpochMs): boolean {
  return at >= Date.UTC(1000, 0, 2) && at < Date.UTC(9998, 11, 31);
}

function readOrder(text: string | undefined, reader: OptionReader): PageQuery['order'] {
  if (text === undefined) return undefined;
  if (!Object.hasOwn(ORDERS, text)) reader.refuse(`--order is "${text}"; it must be asc or desc.`);
  return ORDERS[text];
}

function listWarnings({ taskIds, instanceIds, aliases }: PageQuery): readonly string[] {
  const lists = { '--task-id': taskIds, '--instance-id': instanceIds, '--alias': aliases };
  const long = Object.entries(lists).flatMap(([option, list = []]) =>
    list.length > LIST_MAX ? [`${option} has ${list.length} values; the API may refuse more than ${LIST_MAX}.`] : [],
  );
  const pattern = aliases?.find((alias) => alias.includes('*'));
  if (pattern === undefined) return long;
  return [...long, `--alias has "${pattern}"; the API compares whole names, and * is no pattern there.`];
}

function filled<K extends string, T>(name: K, list: readonly T[]): { readonly [key in K]?: readonly T[] } {
  return list.length === 0 ? {} : only(name, list);
}

function given<K extends string, T>(name: K, value: T | undefined): { readonly [key in K]?: T } {
  return value === undefined ? {} : only(name, value);
}

function only<K extends string, T>(name: K, value: T): { readonly [key in K]?: T } {
  return { [name]: value } as { [key in K]?: T }; // a computed name is only a string to the compiler
}
