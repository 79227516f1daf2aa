import { nearestName } from './nearest-name.ts';

/** True for a name of the IANA time zone database that this Node knows, e.g. `Asia/Shanghai`; false for offsets such as `+08:00`. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The zone that a misspelt name most likely meant, or null. */
export function nearestTimeZone(name: string): string | null {
  return nearestName(name, Intl.supportedValuesOf('timeZone'));
}
