import { cleanLine, cutText } from '../../lib/clean-text.ts';
import type { Document, TaskRow } from '../../messages/document.ts';
import { bareFacts, documentOf } from '../../messages/document-of.ts';
import { layOut, NO_PAINT } from '../../messages/lay-out.ts';
import type { Speaker } from '../../messages/speak.ts';
import { taskTable } from '../../messages/task-table.ts';
import type { Message } from '../../model/message.ts';
import { htmlMail } from './html-mail.ts';

const COLUMNS = 80;
const SUBJECT_MAX = 200;
/** Rows of tasks in the HTML; data-loss tasks are always shown. */
const ROWS_MAX = 200;

export interface RenderedMail {
  /** One line without control characters. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly attachments: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly content: string;
  }[];
  /** The one task that it is about; null for lists, digests and operator notices. */
  readonly threadTask: { readonly account: string; readonly taskId: string } | null;
}

/** A message as mail. The text is complete; the HTML shows at most 200 tasks; where that, or this mail alone, is not the whole list, a CSV with it is attached. */
export function renderMail(message: Message, speaker: Speaker): RenderedMail {
  const document = documentOf(message, speaker);
  const facts = bareFacts(message.facts);
  const shown = shownRows(document);
  const elsewhere = facts.kind === 'roll-up' && facts.elsewhere !== undefined;
  const table = shown.complete && !elsewhere ? null : taskTable(facts, speaker);
  const parts = message.parts > 1 ? ` (${speaker.words.frame.part(message.part, message.parts)})` : '';
  return {
    subject: cutText(cleanLine(document.title), SUBJECT_MAX) + parts,
    html: htmlMail(document, speaker, shown.rows, table !== null),
    text: layOut(document, speaker, { columns: COLUMNS, paint: NO_PAINT }),
    attachments:
      table === null ? [] : [{ filename: fileName(message), contentType: 'text/csv; charset=utf-8', content: table }],
    threadTask: facts.kind === 'task' ? { account: facts.entry.account, taskId: facts.entry.task.taskId } : null,
  };
}

/** The task rows that the HTML shows: every data-loss task, then the others in order as far as there is room. */
function shownRows(document: Document): { rows: ReadonlySet<TaskRow>; complete: boolean } {
  const all = document.parts.flatMap((part) => (part.part === 'tasks' ? part.rows : []));
  const risky = all.filter((row) => row.dataLoss);
  const others = all.filter((row) => !row.dataLoss).slice(0, Math.max(0, ROWS_MAX - risky.length));
  const counted = document.parts.some((part) => part.part === 'groups');
  return { rows: new Set([...risky, ...others]), complete: risky.length + others.length === all.length && !counted };
}

function fileName({ key }: Message): string {
  return `repairwatch-${key.replaceAll(/[^a-z0-9-]/gi, '').slice(0, 40)}.csv`;
}
