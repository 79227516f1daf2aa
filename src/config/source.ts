import type { Finding } from './problem.ts';
import type { Raw } from './raw.ts';

/** A configuration before it is checked, from a file or from the environment. */
export interface Source {
  readonly raw: Raw;
  /** What went wrong while it was put together; the options concerned are not judged further. */
  readonly findings: readonly Finding[];
  /** `pathName` → what the user calls it, where that is not the path itself. */
  readonly names: ReadonlyMap<string, string>;
  /** `pathName` → the references that its value was put together from, e.g. `${PROD_KEY}`. Such values are never shown. */
  readonly references: ReadonlyMap<string, readonly string[]>;
}

/** Reads a text file or throws what `readFileSync` would. */
export type ReadFile = (path: string) => string;
