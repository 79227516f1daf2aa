import type { TaskEvent } from '../model/alert.ts';
import { int, intOrNull, json, text } from './row.ts';
import type { Row } from './sql.ts';
import type { Change } from './store.ts';

export function changeOf(row: Row): Change {
  return {
    taskId: text(row, 'task_id'),
    at: int(row, 'at'),
    from: intOrNull(row, 'from_status'),
    to: intOrNull(row, 'to_status'),
    event: row['event'] === null ? null : json<TaskEvent>(row, 'event'),
  };
}
