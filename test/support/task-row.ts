import { type VendorRow, vendorRow } from '../../src/sandbox/row.ts';

const CREATED_AT = Date.UTC(2026, 0, 5, 4, 0, 0);

/** A whole row of the vendor's: a pending 107 task of 2026-01-05 12:00:00 Beijing, rep-00000001, but for what `overrides` says. */
export function taskRow(overrides: Partial<VendorRow> = {}): VendorRow {
  return vendorRow(overrides, { number: 1, createdAt: CREATED_AT, utcOffsetMs: 8 * 3_600_000 });
}
