/** A value of an answer as JSON; words for one that is nested deeper than anything can write down. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '(a value that is nested too deeply to be shown)';
  }
}
