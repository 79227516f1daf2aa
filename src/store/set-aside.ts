import { nextIds } from './ids.ts';
import { int, text, textOrNull } from './row.ts';
import type { Database } from './sql.ts';
import type { Journal, PollStore } from './store.ts';

/** Of each account the newest are kept: a vendor that sends garbage must not fill the disk. */
const KEPT_PER_ACCOUNT = 1000;
const RAW_MAX_CHARACTERS = 4000;

export function setAsideVerbs(db: Database): Pick<PollStore & Journal, 'setAside' | 'setAsideRows'> {
  return {
    setAside: (poll, rows, now) =>
      db.write(async (sql) => {
        if (rows.length === 0) return;
        const first = await nextIds(sql, 'set_aside', rows.length);
        await sql.many(
          `INSERT INTO set_aside (id, account, poll_id, at, task_id, raw, problem) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          rows.map((row, index) => [
            first + index,
            poll.account,
            poll.id,
            now,
            row.taskId === null ? null : storable(row.taskId),
            storable(row.raw.slice(0, RAW_MAX_CHARACTERS)),
            storable(row.problem),
          ]),
        );
        await sql.run(
          `DELETE FROM set_aside WHERE account = $1
             AND id <= (SELECT id FROM set_aside WHERE account = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)`,
          [poll.account, KEPT_PER_ACCOUNT],
        );
      }),
    setAsideRows: ({ account, id }) =>
      db.read(async (sql) => {
        const own = 'SELECT * FROM set_aside WHERE account = $1 AND poll_id = $2 ORDER BY id';
        return (await sql.all(own, [account, id])).map((row) => ({
          at: int(row, 'at'),
          taskId: textOrNull(row, 'task_id'),
          raw: text(row, 'raw'),
          problem: text(row, 'problem'),
        }));
      }),
  };
}

/** Text that any engine takes: PostgreSQL refuses NUL, and a character cut in half is no text. */
function storable(value: string): string {
  return value.replaceAll('\0', '�').toWellFormed();
}
