import { isoTime } from '../lib/iso-time.ts';
import type { DeliveryRecord } from '../store/store.ts';

/** A message, as `deliveries` and the API show it. Names may be added, never changed. */
export function deliveryJson(record: DeliveryRecord) {
  const { madeAt, settledAt, nextAt, ...rest } = record;
  return { ...rest, madeAt: isoTime(madeAt), settledAt: isoTime(settledAt), nextAt: isoTime(nextAt) };
}
