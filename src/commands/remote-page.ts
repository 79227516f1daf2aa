import { readingJson } from '../json/task-json.ts';
import { cleanLine } from '../lib/clean-text.ts';
import type { EpochMs } from '../lib/clock.ts';
import { isoTime } from '../lib/iso-time.ts';
import type { Speaker } from '../messages/speak.ts';
import type { RepairTask } from '../model/task.ts';
import type { Language } from '../model/vocabulary.ts';
import type { Page, PageQuery } from '../poll/task-reader.ts';

/** A question to the API. */
export interface Asked {
  readonly account: string;
  readonly at: EpochMs;
  readonly query: PageQuery;
  /** As it was sent, in the vendor's names. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** How many rows the page holds, those that could not be read included. */
function heldRows({ rows, bad }: Page): number {
  return rows.length + bad.length;
}

/** The offset of the page after this one; null where this is the last. */
function nextOffset(page: Page, { offset }: PageQuery): number | null {
  const next = offset + heldRows(page);
  return heldRows(page) > 0 && next < page.totalCount ? next : null;
}

/** What a page lacks, as a sentence; null where it is whole. */
export function pageProblem(page: Page, { query: { limit, offset } }: Asked): string | null {
  const held = heldRows(page);
  const due = Math.min(limit, Math.max(0, page.totalCount - offset));
  if (held < due) return `The API said TotalCount ${page.totalCount}, but answered ${held} rows where ${due} were due.`;
  const [first] = page.bad;
  return first === undefined
    ? null
    : `Rows that could not be read: ${page.bad.length}, the first one ${first.taskId ?? 'without an id'} because ${cleanLine(first.problem)}; --json shows them as they came.`;
}

interface FooterWords {
  rows(from: number, to: number, total: number): string;
  noRows(total: number): string;
  trace(time: string, requestId: string): string;
  next(offset: number): string;
  sent(values: string): string;
}

const FOOTER: Readonly<Record<Language, FooterWords>> = {
  en: {
    rows: (from, to, total) => `rows ${from}–${to} of ${total}`,
    noRows: (total) => `no rows of ${total}`,
    trace: (time, requestId) => `, asked at ${time}, RequestId ${requestId}`,
    next: (offset) => `, next: --offset ${offset}`,
    sent: (values) => `sent: ${values}`,
  },
  'zh-CN': {
    rows: (from, to, total) => `第 ${from}–${to} 行，共 ${total} 行`,
    noRows: (total) => `本页没有数据，共 ${total} 行`,
    trace: (time, requestId) => `，查询于 ${time}，RequestId ${requestId}`,
    next: (offset) => `，下一页：--offset ${offset}`,
    sent: (values) => `请求参数：${values}`,
  },
};

/** What came and what was sent for it: the lines under the table. */
export function remoteFooter(page: Page, { query, request, at }: Asked, speaker: Speaker): readonly string[] {
  const words = FOOTER[speaker.language];
  const held = heldRows(page);
  const next = nextOffset(page, query);
  const { totalCount } = page;
  const rows = held === 0 ? words.noRows(totalCount) : words.rows(query.offset + 1, query.offset + held, totalCount);
  const trace = words.trace(speaker.time(at), speaker.outside(page.requestId));
  const sent = Object.entries(request).map(([name, value]) => `${name} ${sentValue(value)}`);
  return [rows + trace + (next === null ? '' : words.next(next)), words.sent(sent.join(', '))];
}

const SHOWN_VALUES = 10;

/** Lists as they are typed, so that a comma inside a name is told from one between two. */
function sentValue(value: unknown): string {
  if (!Array.isArray(value)) return cleanLine(String(value));
  const shown = value.slice(0, SHOWN_VALUES).map((each) => cleanLine(String(each)).replaceAll(',', '\\,'));
  return `[${shown.join(', ')}${value.length > SHOWN_VALUES ? `, … ${value.length} in all` : ''}]`;
}

/** What `list --remote --json` prints before its tasks: names may be added, never changed. */
export function remoteHead(page: Page, { account, at, query, request }: Asked): Readonly<Record<string, unknown>> {
  return {
    at: isoTime(at),
    account,
    request,
    requestId: page.requestId,
    totalCount: page.totalCount,
    nextOffset: nextOffset(page, query),
    unknownValues: page.unknownValues,
    unreadable: page.bad,
  };
}

/** One task of the API with every field of its row, and our reading of it; names as in `list --json`, texts as they came, times in UTC. */
export function remoteTaskJson(task: RepairTask) {
  return {
    ...task,
    createTime: isoTime(task.createTime),
    authTime: isoTime(task.authTime),
    endTime: isoTime(task.endTime),
    ...readingJson(task),
  };
}
