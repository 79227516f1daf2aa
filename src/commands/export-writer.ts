import { silenceJson } from '../json/silence-json.ts';
import { taskJson } from '../json/task-json.ts';
import { cleanLine, cutText } from '../lib/clean-text.ts';
import { csv, csvLine } from '../lib/csv.ts';
import type { Speaker } from '../messages/speak.ts';
import { CALENDAR_END, CALENDAR_HEAD, calendarEvent } from '../messages/task-calendar.ts';
import type { SilenceOf } from '../model/silence.ts';
import type { StoredTask } from '../store/store.ts';
import type { ExportOptions } from './export-options.ts';
import { openJsonList } from './print-json.ts';
import type { Screen } from './screen.ts';

/** Writes tasks one by one, and what a format needs before the first and after the last. */
export interface TaskWriter {
  task(stored: StoredTask): void;
  end(): void;
}

export interface WriterOptions {
  /** What the JSON says before its tasks. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly silenceOf: SilenceOf;
  readonly speaker: Speaker;
}

/** The writer of a format; the beginning is printed at once. */
export function openTaskWriter(format: ExportOptions['format'], screen: Screen, how: WriterOptions): TaskWriter {
  return { csv: csvWriter, json: jsonWriter, ics: calendarWriter }[format](screen, how);
}

function jsonWriter(screen: Screen, { head, silenceOf }: WriterOptions): TaskWriter {
  const list = openJsonList(screen, head, 'tasks');
  return { task: (stored) => list.item(jsonOf(stored, silenceOf)), end: list.end };
}

function jsonOf(stored: StoredTask, silenceOf: SilenceOf) {
  const { account, task, revision, ending } = stored;
  return { ...taskJson(stored), ...silenceJson(silenceOf(account, task, revision)), ending };
}

type Column = Exclude<keyof ReturnType<typeof jsonOf>, 'ack' | 'mute'>;

/** The names of the JSON in this order; new ones come at the end. */
const COLUMNS: readonly Column[] = [
  'account',
  'taskId',
  'instanceId',
  'alias',
  'taskTypeId',
  'taskType',
  'taskStatus',
  'status',
  'dataLoss',
  'authType',
  'authSource',
  'deadline',
  'deadlineCertainty',
  'authTime',
  'createTime',
  'firstSeenAt',
  'changedAt',
  'revision',
  'product',
  'region',
  'zone',
  'lanIp',
  'wanIp',
  'taskDetail',
  'ending',
];
const OF_SILENCES = ['acknowledgedBy', 'mutedUntil'];
const CELL_MAX = 2_000;

function csvWriter(screen: Screen, { silenceOf }: WriterOptions): TaskWriter {
  // The screen adds the line feed of each line.
  const print = (line: string): void => screen.print(line.slice(0, -1));
  print(csv([[...COLUMNS, ...OF_SILENCES]]));
  return {
    task(stored) {
      const json = jsonOf(stored, silenceOf);
      print(csvLine([...COLUMNS.map((name) => cellOf(json[name])), cellOf(json.ack?.by), cellOf(json.mute?.until)]));
    },
    end: () => undefined,
  };
}

function cellOf(value: string | number | boolean | null | undefined): string | number | null {
  if (value === null || value === undefined || typeof value === 'number') return value ?? null;
  return cutText(cleanLine(String(value)), CELL_MAX);
}

function calendarWriter(screen: Screen, { speaker }: WriterOptions): TaskWriter {
  const print = (text: string): void => {
    if (text !== '') screen.print(text.slice(0, -1));
  };
  print(CALENDAR_HEAD);
  return { task: (stored) => print(calendarEvent(stored, speaker, null)), end: () => print(CALENDAR_END) };
}
