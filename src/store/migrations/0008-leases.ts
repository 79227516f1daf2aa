import type { Migration } from './migration.ts';

/** Who works for what. A row stays when its lease ends: its number must go on growing. */
export const leases: Migration = {
  version: 8,
  name: 'leases',
  statements: [
    `CREATE TABLE lease (
      name TEXT NOT NULL PRIMARY KEY,
      owner TEXT NOT NULL,
      fence BIGINT NOT NULL,
      until_at BIGINT NOT NULL)`,
  ],
};
