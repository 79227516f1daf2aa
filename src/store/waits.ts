import { PENDING } from '../model/task.ts';

/** The model's `stillWaits` as a condition on a table named `task`; that of the index `task_remind`, term for term. */
export const WAITS = `task.ending IS NULL AND task.status = ${PENDING}`;
