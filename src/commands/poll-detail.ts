import { isoTime } from '../lib/iso-time.ts';
import { textTable } from '../lib/text-table.ts';
import { displayWidth, padToWidth, wrapToWidth } from '../lib/text-width.ts';
import type { Speaker } from '../messages/speak.ts';
import { type AuditFound, type PollRecord, tasksSeen } from '../model/poll.ts';
import type { SetAsideRecord } from '../store/store.ts';
import { withReasons } from './with-reasons.ts';

const ROWS_SHOWN = 20;
const RAW_MAX = 400;
const SETS = ['Set', 'Result', 'Requests', 'Tasks', 'TotalCount', 'Set aside'];

/** Everything about one row of the ledger, as lines. */
export function pollDetail(
  poll: PollRecord,
  rows: readonly SetAsideRecord[],
  speaker: Speaker,
  width: number,
): readonly string[] {
  return [
    `Poll ${poll.id} of account ${speaker.outside(poll.account)}: ${poll.kind}, ${poll.result ?? 'under way'}`,
    '',
    ...factLines(factsOf(poll, speaker), width),
    ...(poll.sets.length === 0 ? [] : ['', ...setLines(poll, width)]),
    ...setAsideLines(poll, rows, speaker, width),
  ];
}

/** Values are wrapped beside their labels, since a reason must be read whole. */
function factLines(facts: readonly (readonly [string, string])[], width: number): readonly string[] {
  const widest = Math.max(...facts.map(([label]) => displayWidth(label))) + 2;
  return facts.flatMap(([label, value]) =>
    wrapToWidth(value, width - widest).map((line, i) => padToWidth(i === 0 ? label : '', widest) + line),
  );
}

function factsOf(poll: PollRecord, speaker: Speaker): readonly (readonly [string, string])[] {
  const { checkpointBefore, checkpointAfter, clockOffsetMs } = poll;
  const moment = (at: number | null): string => (at === null ? 'none' : `${speaker.time(at)} (${isoTime(at)})`);
  const found = poll.sets.map((set) => set.found).find((each) => each !== undefined);
  const facts: readonly (readonly [string, string | null])[] = [
    ['Began', moment(poll.startedAt)],
    ['Ended', poll.endedAt === null ? null : moment(poll.endedAt)],
    ['Took', poll.endedAt === null ? null : took(poll.startedAt, poll.endedAt)],
    ['Reason', poll.reason === null ? null : speaker.outside(poll.reason, RAW_MAX)],
    [
      'Requests',
      poll.requests === null ? 'unknown' : `${poll.requests}, retries ${poll.retries}, throttled ${poll.throttles}`,
    ],
    ['Clock', clockOffsetMs === null ? 'not known' : clockWords(clockOffsetMs)],
    ['Checkpoint before', moment(checkpointBefore)],
    ['Checkpoint after', poll.endedAt === null ? null : moment(checkpointAfter)],
    ['Not found by polls', found === undefined ? null : foundWords(found)],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const]));
}

/** A number of the ledger; `unknown` where nobody could say. */
export function countOrUnknown(count: number | null): string {
  return count === null ? 'unknown' : String(count);
}

/** How long it lasted, e.g. `3.2 s`. */
export function took(startedAt: number, endedAt: number): string {
  return `${((endedAt - startedAt) / 1000).toFixed(1)} s`;
}

/** What an audit found that no poll had shown. */
export function foundWords({ pending, open, closed }: AuditFound): string {
  return `${pending} pending, ${open} processing or scheduled, ${closed} closed`;
}

function clockWords(offsetMs: number): string {
  if (offsetMs === 0) return 'right to the second';
  return `Tencent Cloud's is ${Math.abs(offsetMs)} ms ${offsetMs > 0 ? 'ahead of' : 'behind'} this machine's`;
}

function setLines({ sets }: PollRecord, width: number): readonly string[] {
  const rows = sets.map((set) => [
    set.set,
    set.complete ? 'complete' : 'incomplete',
    String(set.requests),
    countOrUnknown(tasksSeen([set])),
    set.totalCount === null ? 'none' : String(set.totalCount),
    String(set.setAside),
  ]);
  const below = sets.map(({ reason, notes = [] }) => [...(reason === null ? [] : [reason]), ...notes].join('; '));
  return withReasons(
    textTable(
      SETS.map((heading) => ({ heading })),
      rows,
      width,
    ),
    below,
    width,
  );
}

function setAsideLines(
  poll: PollRecord,
  rows: readonly SetAsideRecord[],
  speaker: Speaker,
  width: number,
): readonly string[] {
  const counted = poll.sets.reduce((sum, set) => sum + set.setAside, 0);
  if (rows.length === 0) {
    return counted === 0 ? [] : ['', `Rows that could not be read: ${counted}; their text is no longer kept.`];
  }
  const shown = rows.slice(0, ROWS_SHOWN);
  const table = textTable(
    [{ heading: 'Task' }, { heading: 'Could not be read', shrinks: true }],
    shown.map(({ taskId, problem }) => [
      taskId === null ? 'no id' : speaker.outside(taskId),
      speaker.outside(problem, RAW_MAX),
    ]),
    width,
  );
  const raws = shown.map(({ raw }) => speaker.outside(raw, RAW_MAX));
  const more = rows.length - shown.length;
  return ['', ...withReasons(table, raws, width), ...(more > 0 ? [`${more} more; --json shows all, uncut`] : [])];
}
