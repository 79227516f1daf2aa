import { int, text } from './row.ts';
import type { Database } from './sql.ts';
import type { Journal } from './store.ts';

export function beatVerbs(db: Database): Pick<Journal, 'beat' | 'beats' | 'forgetBeats'> {
  return {
    beat: ({ loop, at, withinMs }) =>
      db.write(async (sql) => {
        await sql.run(
          `INSERT INTO beat (loop_name, at, within_ms) VALUES ($1, $2, $3)
           ON CONFLICT (loop_name) DO UPDATE SET at = excluded.at, within_ms = excluded.within_ms`,
          [loop, at, withinMs],
        );
      }),
    forgetBeats: (loops) =>
      db.write(async (sql) => {
        if (loops === undefined) await sql.run('DELETE FROM beat');
        else
          await sql.many(
            'DELETE FROM beat WHERE loop_name = $1',
            loops.map((loop) => [loop]),
          );
      }),
    beats: () =>
      db.read(async (sql) => {
        const rows = await sql.all('SELECT loop_name, at, within_ms FROM beat ORDER BY loop_name');
        return rows.map((row) => ({
          loop: text(row, 'loop_name'),
          at: int(row, 'at'),
          withinMs: int(row, 'within_ms'),
        }));
      }),
  };
}
