/** A moment for programs: ISO 8601 in UTC, null where there is none or it is beyond what can be written. */
export function isoTime(at: number | null): string | null {
  return at === null || !Number.isFinite(at) || Math.abs(at) > 8.64e15 ? null : new Date(at).toISOString();
}
