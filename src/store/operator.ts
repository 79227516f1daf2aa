import { HOUR_MS } from '../lib/clock.ts';
import type { OperatorCode, OperatorNotice } from '../model/alert.ts';
import { insertNotice } from './alert-rows.ts';
import { int, intOrNull, json, text } from './row.ts';
import type { Database, Row, Sql } from './sql.ts';
import type { Episode, OperatorStore } from './store.ts';

/** What an episode's notice knew when it began; its end says the same. */
type Facts = OperatorNotice['facts'];

/** An episode is raised again with every poll; a write for each would say little more. */
const LAST_AT_STEP_MS = HOUR_MS;

export function operatorVerbs(db: Database): OperatorStore {
  return {
    raise: (notice, channels) =>
      db.write(async (sql) => {
        const { code, subject, at, facts } = notice;
        const begun = await sql.run(
          `INSERT INTO episode (code, subject, since, last_at, facts) VALUES ($1, $2, $3, $3, $4) ON CONFLICT DO NOTHING`,
          [code, subject, at, JSON.stringify(facts)],
        );
        if (begun > 0) await insertNotice(sql, { event: 'operator', at, code, subject, over: false, facts }, channels);
        else {
          const again =
            'UPDATE episode SET last_at = $3 WHERE code = $1 AND subject = $2 AND COALESCE(last_at, since) <= $4';
          await sql.run(again, [code, subject, at, at - LAST_AT_STEP_MS]);
        }
        return begun > 0;
      }),
    over: async (code, subject, at, channels) => {
      // Each poll asks, and mostly there is none: reading waits for no other writer, and for no disk.
      const begun = 'SELECT 1 AS one FROM episode WHERE code = $1 AND subject = $2';
      if ((await db.read((sql) => sql.all(begun, [code, subject]))).length === 0) return false;
      return db.write(async (sql) => {
        const ended = 'DELETE FROM episode WHERE code = $1 AND subject = $2 RETURNING facts';
        const [row] = await sql.all(ended, [code, subject]);
        if (row === undefined) return false;
        const facts = json<Facts>(row, 'facts');
        await insertNotice(sql, { event: 'operator', at, code, subject, over: true, facts }, channels);
        return true;
      });
    },
    tellOver: (notice, since, channels) =>
      db.write(async (sql) => {
        const toldBefore = `INSERT INTO meta (name, value) VALUES ($1, CAST($2 AS TEXT))
          ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE CAST(meta.value AS BIGINT) < $3`;
        const untold: string[] = [];
        for (const channel of channels) {
          const { at, code } = notice;
          if ((await sql.run(toldBefore, [`over ${code} ${channel}`, at, since])) > 0) untold.push(channel);
        }
        await insertNotice(sql, { ...notice, event: 'operator', over: true }, untold);
        return untold.length > 0;
      }),
    episodes: () => db.read(async (sql) => (await sql.all(`${EPISODES} ORDER BY since, code, subject`)).map(episodeOf)),
  };
}

const EPISODES = 'SELECT code, subject, since, last_at FROM episode';

/** Those whose subject is the account's name, alone or before a space. */
export async function episodesOfAccount(sql: Sql, account: string): Promise<readonly Episode[]> {
  const own = `${EPISODES} WHERE subject = $1 OR substr(subject, 1, length($1) + 1) = $1 || ' '`;
  return (await sql.all(own, [account])).map(episodeOf);
}

function episodeOf(row: Row): Episode {
  return {
    // The cast holds because only `raise` writes the column, from an OperatorCode.
    code: text(row, 'code') as OperatorCode,
    subject: text(row, 'subject'),
    since: int(row, 'since'),
    lastAt: intOrNull(row, 'last_at') ?? int(row, 'since'),
  };
}
