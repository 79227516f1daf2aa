import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './clock.ts';

const UNITS = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

const DURATION = /^(?=\d)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** Milliseconds of a duration such as `30d`, `4h`, `10m`, `90s` or `1h30m` (units from long to short, each at most once); null for anything else. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  return UNITS.reduce((sum, [, ms], index) => sum + Number(match[index + 1] ?? 0) * ms, 0);
}

/** The same duration in its shortest whole unit up to hours (`24h`, `90m`, `45s`), in days from 48 hours on (`30d`); `0s` for nothing. */
export function formatDuration(ms: number): string {
  for (const [unit, size] of UNITS) {
    const smallest = unit === 'd' ? 2 * size : size;
    if (ms >= smallest && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${Math.round(ms / SECOND_MS)}s`;
}
