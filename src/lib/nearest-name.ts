/**
 * The known name that a misspelt one most likely meant, or null when none is near: at most one slip (a letter more, less, wrong or
 * swapped) for every three letters, and one in a shorter name. Case, `-` and `_` do not count.
 */
export function nearestName(name: string, known: Iterable<string>): string | null {
  let nearest: { readonly name: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = slips(plain(name), plain(candidate));
    const allowed = Math.min(Math.max(1, Math.floor(candidate.length / 3)), candidate.length - 1);
    if (distance <= allowed && (nearest === null || distance < nearest.distance))
      nearest = { name: candidate, distance };
  }
  return nearest?.name ?? null;
}

const LONGEST_NAME = 100;

function plain(name: string): string {
  return name.slice(0, LONGEST_NAME).toLowerCase().replaceAll(/[-_]/g, '');
}

/** Damerau–Levenshtein distance in its optimal-string-alignment form. */
function slips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
