import { COPIED_TABLES } from '../../src/store/copy-tables.ts';
import { SCHEMA } from '../../src/store/migrations/all.ts';
import type { Migration } from '../../src/store/migrations/migration.ts';

const TABLES = [...COPIED_TABLES.map(({ name }) => name), 'meta', 'beat', 'lease', 'migration'];

/** The next version's schema as this version may meet it: every table has a column more, and there is one table more. */
export const ADDING: Migration = {
  version: SCHEMA + 1,
  name: 'adding',
  compatibleFrom: SCHEMA,
  statements: [
    ...TABLES.map((table) => `ALTER TABLE ${table} ADD COLUMN novelty TEXT NOT NULL DEFAULT 'none'`),
    'CREATE TABLE novelty (name TEXT NOT NULL PRIMARY KEY)',
  ],
};

/** The one after it, which this version cannot live with. */
export const BREAKING: Migration = {
  version: SCHEMA + 2,
  name: 'breaking',
  statements: ['ALTER TABLE task RENAME TO repair'],
};
