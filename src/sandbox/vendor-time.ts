import { type EpochMs, SECOND_MS } from '../lib/clock.ts';

/** The vendor's form of a time, `YYYY-MM-DD hh:mm:ss`, in a zone `utcOffsetMs` ahead of UTC; parts of a second are dropped. */
export function formatVendorTime(at: EpochMs, utcOffsetMs: number): string {
  return new Date(at + utcOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

const FORM = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;

/**
 * The seconds that a clock in the vendor's zone has counted since its own 1970-01-01 00:00:00; null where the text is not a time of the
 * calendar in the vendor's form. Texts of one zone compare by it without knowing the zone.
 */
export function vendorSecond(text: string): number | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  if (year === undefined || month === undefined) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ') === text ? at / SECOND_MS : null;
}
