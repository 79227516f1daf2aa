import { nearestName } from '../lib/nearest-name.ts';

/** A sentence for a name that the configuration does not have. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const hint =
    nearest === null
      ? `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'}`
      : `did you mean ${nearest}?`;
  return `There is no ${kind} "${name}" in the configuration; ${hint}${hint.endsWith('?') ? '' : '.'}`;
}
