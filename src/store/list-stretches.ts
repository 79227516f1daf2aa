import type { EpochMs } from '../lib/clock.ts';
import { int, intOrNull, text } from './row.ts';
import type { Row, SqlValue } from './sql.ts';

/** A number or text of the statement as its next parameter. */
export type Bind = (value: SqlValue) => string;

/** Neighbours in an index; a list is some of these, one after another. */
export interface Stretch {
  conditions(bind: Bind): readonly string[];
  readonly order: string;
  placeOf(row: Row): readonly SqlValue[];
}

const RISKS = [1, 0];
const STANDINGS = ['standing', 'lapsed', 'none'] as const;

/** Of open tasks: what may lose data, then the others; of each what has a deadline, what has one that has lapsed, what has none. */
export function openStretches(after: string | null, now: EpochMs): readonly Stretch[] {
  const all = RISKS.flatMap((risk) => STANDINGS.map((standing) => ({ risk, standing })));
  const place =
    after === null ? null : placeIn(after, [isStretch, Number.isSafeInteger, Number.isSafeInteger, isText, isText]);
  const begun = place === null ? 0 : Number(place[0]);
  return all.slice(begun).map(({ risk, standing }, i) => {
    const columns = ['deadline', 'create_time', 'task_id', 'account'].slice(standing === 'none' ? 1 : 0);
    const from = i === 0 && place !== null ? place.slice(1).slice(-columns.length) : null;
    return {
      conditions: (bind) => [
        'task.ending IS NULL',
        `task.data_loss = ${risk}`,
        ...standingIs(standing, now, bind),
        ...beyond(columns, from, bind),
      ],
      order: columns.map(named).join(', '),
      placeOf: (row) => [
        begun + i,
        intOrNull(row, 'deadline') ?? 0,
        int(row, 'create_time'),
        text(row, 'task_id'),
        text(row, 'account'),
      ],
    };
  });
}

function standingIs(standing: (typeof STANDINGS)[number], now: EpochMs, bind: Bind): readonly string[] {
  if (standing === 'none') return ['task.deadline IS NULL'];
  if (standing === 'lapsed') return ['task.deadline IS NOT NULL', `task.lapses_at <= ${bind(now)}`];
  return ['task.deadline IS NOT NULL', `(task.lapses_at IS NULL OR task.lapses_at > ${bind(now)})`];
}

/** Of closed tasks: the rest of the moment at which the last part ended, then what changed before it. */
export function closedStretches(after: string | null): readonly Stretch[] {
  const stretch = (conditions: (bind: Bind) => readonly string[], order: string): Stretch => ({
    conditions: (bind) => ['task.ending IS NOT NULL', ...conditions(bind)],
    order,
    placeOf: (row) => [int(row, 'changed_at'), text(row, 'task_id'), text(row, 'account')],
  });
  const newestFirst = 'task.changed_at DESC, task.task_id, task.account';
  if (after === null) return [stretch(() => [], newestFirst)];
  const [at = null, ...from] = placeIn(after, [Number.isSafeInteger, isText, isText]);
  return [
    stretch(
      (bind) => [`task.changed_at = ${bind(at)}`, ...beyond(['task_id', 'account'], from, bind)],
      'task.task_id, task.account',
    ),
    stretch((bind) => [`task.changed_at < ${bind(at)}`], newestFirst),
  ];
}

function beyond(columns: readonly string[], from: readonly SqlValue[] | null, bind: Bind): readonly string[] {
  return from === null ? [] : [`(${columns.map(named).join(', ')}) > (${from.map(bind).join(', ')})`];
}

function named(column: string): string {
  return `task.${column}`;
}

/** A place of a list as a text for addresses. */
export function placeText(place: readonly SqlValue[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** PostgreSQL refuses what a column cannot hold, so each part of a place must be such a value. */
function placeIn(after: string, kinds: readonly ((part: unknown) => boolean)[]): readonly SqlValue[] {
  let place: unknown = null;
  try {
    place = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
  } catch {
    // Not JSON: refused below like every other text that is not ours.
  }
  if (Array.isArray(place) && place.length === kinds.length && kinds.every((fits, i) => fits(place[i])))
    return place as SqlValue[]; // each was just looked at
  throw new RangeError(`"${after.slice(0, 100)}" is not where a list goes on.`);
}

const isStretch = (part: unknown): boolean =>
  Number.isSafeInteger(part) && Number(part) >= 0 && Number(part) < RISKS.length * STANDINGS.length;
const isText = (part: unknown): boolean => typeof part === 'string' && !part.includes('\0');
