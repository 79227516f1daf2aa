import { first } from './0001-first.ts';
import type { Migration } from './migration.ts';

/** Every step, in order; the last one's number is the schema that this program speaks. */
export const MIGRATIONS: readonly Migration[] = [first];
