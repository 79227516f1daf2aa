import type { Migration } from './migration.ts';

/** How far back the history of an account is to be read, and how far back it was read whole. Not known of accounts that were there before. */
export const history: Migration = {
  version: 7,
  name: 'history',
  statements: [
    `ALTER TABLE account ADD COLUMN backfill_from BIGINT`,
    `ALTER TABLE account ADD COLUMN proven_from BIGINT`,
  ],
};
