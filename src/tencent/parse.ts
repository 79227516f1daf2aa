import { z } from 'zod';
import type { EpochMs } from '../lib/clock.ts';
import type { RepairTask } from '../model/task.ts';
import type { BadRow, Page } from '../poll/task-reader.ts';
import { jsonText } from './json-text.ts';
import { integer, isRecord, parseRow } from './parse-row.ts';

export interface PageContext {
  /** Offset of the account's timestamps from UTC. */
  readonly utcOffsetMs: number;
  readonly requestId: string | null;
  readonly serverDate: EpochMs | null;
}

export type ParsedPage = { readonly ok: true; readonly page: Page } | { readonly ok: false; readonly problem: string };

const RAW_LENGTH = 4000;

const answer = z.object({
  TotalCount: z.unknown().transform(integer).pipe(z.number('must be a whole number').min(0)),
  RepairTaskInfoSet: z.array(z.unknown()).nullish(),
});

/** The Response object of DescribeTaskInfo → a page. Rows that cannot be read are set aside; without TotalCount there is no page. */
export function parsePage(fields: unknown, { utcOffsetMs, requestId, serverDate }: PageContext): ParsedPage {
  const read = answer.safeParse(fields);
  if (!read.success) return { ok: false, problem: problemOf(read.error) };
  const rows: RepairTask[] = [];
  const bad: BadRow[] = [];
  const unknownValues = new Set<string>();
  const note = (value: string) => unknownValues.add(value);
  for (const row of read.data.RepairTaskInfoSet ?? []) {
    const parsed = parseRow(row, utcOffsetMs, note);
    if (parsed.ok) rows.push(parsed.task);
    else bad.push(badRow(row, parsed.problem));
  }
  const { TotalCount: totalCount } = read.data;
  const page = { totalCount, rows, bad, requestId: requestId ?? '', serverDate, unknownValues: [...unknownValues] };
  return { ok: true, page };
}

function badRow(row: unknown, problem: string): BadRow {
  const taskId = isRecord(row) && typeof row['TaskId'] === 'string' ? row['TaskId'] : null;
  return { taskId, raw: jsonText(row).slice(0, RAW_LENGTH).toWellFormed(), problem };
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined
    ? 'it has a wrong form'
    : `its ${issue.path.join('.') || 'Response'} has a wrong form (${issue.message})`;
}
