import { nearestName } from '../lib/nearest-name.ts';
import { type Finding, type Path, pathName } from './problem.ts';
import { rawAt, rawItems } from './raw.ts';
import { shownValue } from './shown-value.ts';
import type { Source } from './source.ts';

/** A name that something has, and where it is written. */
export interface Named {
  readonly name: string;
  readonly path: Path;
  /** Written as the key of a mapping, so that nothing more than the path needs to be shown. */
  readonly isKey?: boolean;
}

/** The name at a path; none where no text is written there. */
export function namesAt({ raw }: Source, path: Path): readonly Named[] {
  const name = rawAt(raw, path);
  return typeof name === 'string' ? [{ name, path }] : [];
}

/** The names of a list that nothing known has. `has`: unless given, whether it is one of the known. */
export function unknownNames(
  source: Source,
  list: Path,
  kind: string,
  known: readonly string[],
  has = (name: string): boolean => known.includes(name),
): readonly Finding[] {
  if (known.length === 0) return [];
  return rawItems(rawAt(source.raw, list)).flatMap((name, index) => {
    if (typeof name !== 'string' || has(name)) return [];
    const path = [...list, index];
    const near = nearestName(name, known);
    const hint = near === null ? `the ${kind}s are ${shown(known)}` : `did you mean ${near}?`;
    return [{ path, says: `${shownValue(source, path)}; there is no such ${kind}, ${hint}` }];
  });
}

const SHOWN_AT_MOST = 12;

function shown(names: readonly string[]): string {
  const more = names.length - SHOWN_AT_MOST;
  return more > 0 ? `${names.slice(0, SHOWN_AT_MOST).join(', ')} and ${more} more` : names.join(', ');
}

/** Each name that one before it has already. */
export function sameNames(source: Source, all: readonly Named[]): readonly Finding[] {
  const first = new Map<string, Path>();
  return all.flatMap(({ name, path, isKey = false }) => {
    const other = first.get(name);
    if (other === undefined) first.set(name, path);
    if (other === undefined) return [];
    const owner = ownerName(other);
    const says = isKey
      ? `is a name that ${owner} has already, and each must have its own`
      : `${shownValue(source, path)}; ${owner} has that name already, and each must have its own`;
    return [{ path, says }];
  });
}

/** `accounts[0]` of `accounts[0].name`, and `accounts[0].each` of what is listed there. */
function ownerName(path: Path): string {
  return pathName(path.slice(0, -1));
}
