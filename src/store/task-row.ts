import { deadlineOf, lapsesAt } from '../model/deadline.ts';
import { listedFacts, mayLoseData, type RepairTask } from '../model/task.ts';
import { int, intOrNull, json, text, textOrNull } from './row.ts';
import { withSharedText } from './shared-text.ts';
import type { Row, SqlValue } from './sql.ts';
import type { Ending, StoredTask } from './store.ts';

/** The columns that `storedTask` reads, of a table named `task`; `facts` last. */
export const TASK_COLUMNS = [
  'account',
  'ending',
  'first_seen_at',
  'changed_at',
  'seen_poll',
  'absent_polls',
  'told_auth_time',
  'revision',
  'facts',
]
  .map((column) => `task.${column}`)
  .join(', ');

export function storedTask(row: Row): StoredTask {
  return {
    account: text(row, 'account'),
    task: withSharedText(json<RepairTask>(row, 'facts')),
    ending: ending(textOrNull(row, 'ending')),
    firstSeenAt: int(row, 'first_seen_at'),
    changedAt: int(row, 'changed_at'),
    seenPoll: int(row, 'seen_poll'),
    absentPolls: int(row, 'absent_polls'),
    toldAuthTime: intOrNull(row, 'told_auth_time'),
    revision: int(row, 'revision'),
  };
}

/** The same without what no list shows, for reading very many. */
export function listedTask(row: Row): StoredTask {
  const stored = storedTask(row);
  return { ...stored, task: listedFacts(stored.task) };
}

const LATER_POLL = `CASE WHEN task.seen_poll > excluded.seen_poll THEN task.seen_poll ELSE excluded.seen_poll END`;

const WRITTEN = [
  'task_id',
  'account',
  'facts',
  'status',
  'ending',
  'create_time',
  'deadline',
  'data_loss',
  'first_seen_at',
  'changed_at',
  'seen_poll',
  'absent_polls',
  'told_auth_time',
  'revision',
  'type_id',
  'zone',
  'product',
  'lapses_at',
  'auth_time',
];

/** Writes one task whole; its parameters are `taskParams`. `seen_poll` never goes back: a backfill may see a task after a later poll did. */
export const UPSERT_TASK = `INSERT INTO task (${WRITTEN.join(', ')})
  VALUES (${WRITTEN.map((_, index) => `$${index + 1}`).join(', ')})
  ON CONFLICT (task_id, account) DO UPDATE SET ${WRITTEN.slice(2)
    .map((column) => `${column} = ${column === 'seen_poll' ? LATER_POLL : `excluded.${column}`}`)
    .join(', ')}, remind_at = 0`;

export function taskParams(account: string, pollId: number, stored: Omit<StoredTask, 'seenPoll'>): SqlValue[] {
  const { task } = stored;
  return [
    task.taskId,
    account,
    JSON.stringify(task),
    task.taskStatus,
    stored.ending,
    task.createTime,
    deadlineOf(task).at,
    mayLoseData(task) ? 1 : 0,
    stored.firstSeenAt,
    stored.changedAt,
    pollId,
    stored.absentPolls,
    stored.toldAuthTime,
    stored.revision,
    task.taskTypeId,
    task.zone,
    task.product,
    stored.ending === null ? lapsesAt(task) : null,
    task.authTime,
  ];
}

function ending(value: string | null): Ending | null {
  if (value === null || value === 'closed' || value === 'unlisted' || value === 'unwatched') return value;
  throw new TypeError(`A task's ending is ${value}.`);
}
