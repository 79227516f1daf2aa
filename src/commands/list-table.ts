import type { EpochMs } from '../lib/clock.ts';
import { type TableColumn, tableWidth, textTable } from '../lib/text-table.ts';
import { cutToWidth } from '../lib/text-width.ts';
import type { Speaker } from '../messages/speak.ts';
import { silenceLines } from '../messages/task-news.ts';
import { deadlineShort, placeName } from '../messages/task-row.ts';
import { deadlineOf } from '../model/deadline.ts';
import type { SilenceOf } from '../model/silence.ts';
import { mayLoseData, PENDING } from '../model/task.ts';
import type { Language } from '../model/vocabulary.ts';
import type { StoredTask } from '../store/store.ts';
import { alarm } from './paint.ts';
import type { Screen } from './screen.ts';

const TIME_LEFT: Readonly<Record<Language, string>> = { en: 'Time left', 'zh-CN': '剩余时间' };
const SILENCE: Readonly<Record<Language, string>> = { en: 'Taken on, muted', 'zh-CN': '认领、静默' };
const REVISION: Readonly<Record<Language, string>> = { en: 'Revision', 'zh-CN': '版本' };
const NOTHING = '–';
/** On a terminal a long alias or name must not cost every task its one line. */
const WIDEST: Partial<Readonly<Record<keyof Cells, number>>> = { alias: 28, silence: 56 };

/** A task that is stored, or that only the API was asked for: then without a revision. */
export type ListedTask = Pick<StoredTask, 'account' | 'task'> & { readonly revision: number | null };

/** Tasks as aligned lines: one for each where the terminal is wide enough, else three. Data loss is said in words, colour only repeats it. */
export function listTable(
  tasks: readonly ListedTask[],
  silenceOf: SilenceOf,
  now: EpochMs,
  speaker: Speaker,
  { columns, colour }: Pick<Screen, 'columns' | 'colour'>,
): readonly string[] {
  if (tasks.length === 0) return [];
  const rows = tasks.map((stored) => cellsOf(stored, silenceOf, now, speaker));
  const paint = (lines: readonly string[], i: number): readonly string[] => {
    const risky = colour && (rows[i]?.mark ?? '') !== '';
    return risky ? lines.map(alarm) : lines;
  };
  const headings = headingsOf(speaker, rows);
  const widest = (cell: keyof Cells): number => (Number.isFinite(columns) ? (WIDEST[cell] ?? Infinity) : Infinity);
  const wide = rows.map((row) => headings.map(({ cell }) => cutToWidth(row[cell], widest(cell))));
  if (tableWidth(headings, wide) <= columns) {
    const [head = '', ...lines] = textTable(headings, wide, columns);
    return [head, ...lines.flatMap((line, i) => paint([line], i))];
  }
  const [, ...lines] = textTable(NARROW, rows.flatMap(narrowCells), columns);
  return rows.flatMap((_, i) => [...(i === 0 ? [] : ['']), ...paint(lines.slice(3 * i, 3 * i + 3), i)]);
}

interface Cells {
  readonly mark: string;
  readonly left: string;
  readonly deadline: string;
  readonly account: string;
  readonly instanceId: string;
  readonly alias: string;
  readonly type: string;
  readonly status: string;
  readonly zone: string;
  readonly taskId: string;
  readonly revision: string;
  readonly silence: string;
}

function cellsOf({ account, task, revision }: ListedTask, silenceOf: SilenceOf, now: EpochMs, speaker: Speaker): Cells {
  const deadline = deadlineOf(task);
  const waits = task.taskStatus === PENDING;
  return {
    mark: mayLoseData(task) ? speaker.words.lists.tag.toUpperCase() : '',
    left: waits && deadline.at !== null ? speaker.relative(deadline.at, now) : NOTHING,
    deadline: waits ? deadlineShort(deadline, speaker) : NOTHING,
    account: speaker.outside(account),
    instanceId: speaker.outside(task.instanceId ?? '') || NOTHING,
    alias: speaker.outside(task.alias ?? '') || NOTHING,
    type: speaker.typeName(task),
    status: speaker.statusName(task.taskStatus),
    zone: placeName(task, speaker) ?? NOTHING,
    taskId: speaker.outside(task.taskId),
    revision: revision === null ? '' : String(revision),
    silence: revision === null ? '' : silenceLines(silenceOf(account, task, revision), now, speaker).join(' · '),
  };
}

/** The mark and what keeps a task silent have their columns only where a task has them. */
function headingsOf(
  { words: { labels }, language }: Speaker,
  rows: readonly Cells[],
): readonly (TableColumn & { readonly cell: keyof Cells })[] {
  const marked = rows.some(({ mark }) => mark !== '');
  return [
    ...(marked ? [{ cell: 'mark', heading: labels.dataLoss } as const] : []),
    { cell: 'left', heading: TIME_LEFT[language] },
    { cell: 'deadline', heading: labels.deadline },
    { cell: 'account', heading: labels.account },
    { cell: 'instanceId', heading: labels.instanceId },
    { cell: 'alias', heading: labels.alias },
    { cell: 'type', heading: labels.type },
    { cell: 'status', heading: labels.status },
    { cell: 'zone', heading: labels.zone },
    { cell: 'taskId', heading: labels.task },
    ...(rows.some(({ revision }) => revision !== '')
      ? [{ cell: 'revision', heading: REVISION[language] } as const]
      : []),
    ...(rows.some(({ silence }) => silence !== '') ? [{ cell: 'silence', heading: SILENCE[language] } as const] : []),
  ];
}

const NARROW: readonly TableColumn[] = [
  { heading: '' },
  { heading: '', shrinks: true },
  { heading: '', shrinks: true },
];

function narrowCells(row: Cells): readonly (readonly string[])[] {
  return [
    // Who has taken it on first: the end is what a narrow terminal cuts.
    [row.left, row.deadline, row.silence === '' ? row.status : `${row.silence} · ${row.status}`],
    [row.mark, `${row.instanceId} ${row.alias}`, row.account],
    [row.taskId, row.type, row.zone],
  ];
}
