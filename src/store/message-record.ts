import type { MessageFacts } from '../model/message.ts';
import { int, intOrNull, text, textOrNull } from './row.ts';
import type { Row } from './sql.ts';
import type { DeliveryRecord } from './store.ts';

/** The columns that `messageRecord` reads, of a table named `message`. */
export const RECORD_COLUMNS = [
  'id',
  'key',
  'channel',
  'kind',
  'state',
  'attempts',
  'made_at',
  'settled_at',
  'next_at',
  'reason',
  'receipt',
]
  .map((column) => `message.${column}`)
  .join(', ');

/** A message as it is shown: where it stands, not what it says. */
export function messageRecord(row: Row): Omit<DeliveryRecord, 'taskIds'> {
  return {
    id: int(row, 'id'),
    key: text(row, 'key'),
    channel: text(row, 'channel'),
    // The casts hold because both columns are written from values of these types only.
    kind: text(row, 'kind') as MessageFacts['kind'],
    state: text(row, 'state') as DeliveryRecord['state'],
    attempts: int(row, 'attempts'),
    madeAt: int(row, 'made_at'),
    settledAt: intOrNull(row, 'settled_at'),
    nextAt: intOrNull(row, 'next_at'),
    reason: textOrNull(row, 'reason'),
    receipt: textOrNull(row, 'receipt'),
  };
}
