import type { Migration } from './migration.ts';

/** When an episode was last raised; and what the ledger holds besides polls, which is little beside thousands of them. */
export const ledger: Migration = {
  version: 3,
  name: 'ledger',
  statements: [
    `ALTER TABLE episode ADD COLUMN last_at BIGINT`,
    `CREATE INDEX poll_background ON poll (account, id) WHERE kind <> 'poll'`,
  ],
};
