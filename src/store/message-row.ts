import type { EpochMs } from '../lib/clock.ts';
import type { MessageFacts } from '../model/message.ts';
import { nextIds } from './ids.ts';
import { messageKey } from './message-key.ts';
import { flag, int, intOrNull, json, only, text, textOrNull } from './row.ts';
import type { Row, Sql } from './sql.ts';
import type { ClaimedMessage } from './store.ts';

/** A message to be frozen. `origin` is what its key is derived from, besides the channel and the part. */
export interface NewMessage {
  readonly channel: string;
  readonly facts: MessageFacts;
  readonly part: number;
  readonly parts: number;
  readonly origin: readonly (string | number)[];
}

/** Writes a batch of messages, due at once, in their order; the first of the ids in a row. */
export async function insertMessages(sql: Sql, messages: readonly NewMessage[], now: EpochMs): Promise<number> {
  const first = await nextIds(sql, 'message', messages.length);
  const store = text(only(await sql.all(`SELECT value FROM meta WHERE name = 'store_id'`)), 'value');
  await sql.many(
    `INSERT INTO message (id, key, batch, channel, kind, facts, part, parts, state, plain, attempts, may_repeat, made_at,
       next_at, up_age_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, 0, 0, $9, $9, 0)`,
    messages.map(({ channel, facts, part, parts, origin }, index) => [
      first + index,
      // The store's own id keeps two installations apart that write to one mailbox; `now`, one that was restored from a backup.
      messageKey([store, channel, ...origin, part, now]),
      first,
      channel,
      facts.kind,
      JSON.stringify(facts),
      part,
      parts,
      now,
    ]),
  );
  return first;
}

/** Reads a whole row of `message` as it was before the try that begins now. */
export function claimedMessage(row: Row): ClaimedMessage {
  return {
    id: int(row, 'id'),
    channel: text(row, 'channel'),
    message: {
      key: text(row, 'key'),
      facts: json<MessageFacts>(row, 'facts'),
      part: int(row, 'part'),
      parts: int(row, 'parts'),
      plain: flag(row, 'plain'),
      resume: textOrNull(row, 'resume'),
    },
    attempt: int(row, 'attempts') + 1,
    failures: int(row, 'failures'),
    madeAt: int(row, 'made_at'),
    mayRepeat: flag(row, 'may_repeat'),
    upAgeMs: int(row, 'up_age_ms'),
    lastTryAt: intOrNull(row, 'last_try_at'),
  };
}
