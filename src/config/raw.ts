import type { Path } from './problem.ts';

/** Configuration as it was written, of any shape: readers that see nothing where the shape is not the expected one. */
export type Raw = unknown;

export function rawEntries(value: Raw): readonly (readonly [string, Raw])[] {
  return isMapping(value) ? Object.entries(value) : [];
}

export function rawItems(value: Raw): readonly Raw[] {
  return Array.isArray(value) ? value : [];
}

export function isMapping(value: Raw): value is Readonly<Record<string, Raw>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is written at a path; undefined where nothing is. */
export function rawAt(value: Raw, path: Path): Raw {
  return path.reduce<Raw>((inner, step) => {
    if (typeof step === 'number') return rawItems(inner)[step];
    return isMapping(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined;
  }, value);
}
