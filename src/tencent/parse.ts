import type { EpochMs } from '../lib/clock.ts';
import { isRecord } from '../lib/is-record.ts';
import type { RepairTask } from '../model/task.ts';
import type { BadRow, Page } from '../poll/task-reader.ts';
import { jsonText } from './json-text.ts';
import { integer, parseRow } from './parse-row.ts';

export interface PageContext {
  /** Offset of the account's timestamps from UTC. */
  readonly utcOffsetMs: number;
  readonly requestId: string | null;
  readonly serverDate: EpochMs | null;
}

export type ParsedPage = { readonly ok: true; readonly page: Page } | { readonly ok: false; readonly problem: string };

const RAW_LENGTH = 4000;

/** The Response object of DescribeTaskInfo → a page. Rows that cannot be read are set aside; without TotalCount there is no page. */
export function parsePage(fields: unknown, { utcOffsetMs, requestId, serverDate }: PageContext): ParsedPage {
  if (!isRecord(fields)) return wrong('Response', 'must be an object');
  const totalCount = integer(fields['TotalCount']);
  if (totalCount === null) return wrong('TotalCount', 'must be a whole number');
  if (totalCount < 0) return wrong('TotalCount', 'must not be below 0');
  const set = fields['RepairTaskInfoSet'] ?? [];
  if (!Array.isArray(set)) return wrong('RepairTaskInfoSet', 'must be a list');
  const rows: RepairTask[] = [];
  const bad: BadRow[] = [];
  const unknownValues = new Set<string>();
  const note = (value: string) => unknownValues.add(value);
  for (const row of set) {
    const parsed = parseRow(row, utcOffsetMs, note);
    if (parsed.ok) rows.push(parsed.task);
    else bad.push(badRow(row, parsed.problem));
  }
  const page = { totalCount, rows, bad, requestId: requestId ?? '', serverDate, unknownValues: [...unknownValues] };
  return { ok: true, page };
}

function badRow(row: unknown, problem: string): BadRow {
  const taskId = isRecord(row) && typeof row['TaskId'] === 'string' ? row['TaskId'] : null;
  return { taskId, raw: jsonText(row).slice(0, RAW_LENGTH).toWellFormed(), problem };
}

function wrong(field: string, rule: string): ParsedPage {
  return { ok: false, problem: `its ${field} has a wrong form (${rule})` };
}
