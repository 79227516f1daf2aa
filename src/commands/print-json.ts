import { escapeUnprintable } from '../lib/safe-text.ts';
import type { Screen } from './screen.ts';

/** JSON for programs that a terminal cannot misread either: marks that JSON lets pass are escaped. */
export function printJson(screen: Screen, value: unknown): void {
  const lines = JSON.stringify(value, null, 2).split('\n');
  screen.print(lines.map(escapeUnprintable).join('\n'));
}

/** A moment for programs: ISO 8601 in UTC, null where there is none or it is beyond what can be written. */
export function isoTime(at: number | null): string | null {
  return at === null || !Number.isFinite(at) || Math.abs(at) > 8.64e15 ? null : new Date(at).toISOString();
}
