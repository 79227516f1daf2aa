import type { Migration } from './migration.ts';

/** What lists are narrowed by and counted by, as columns; and when repairs began, for the timeline. Only SQLite has rows from before. */
export const views: Migration = {
  version: 5,
  name: 'views',
  statements: [
    `ALTER TABLE task ADD COLUMN type_id BIGINT`,
    `ALTER TABLE task ADD COLUMN zone TEXT`,
    `ALTER TABLE task ADD COLUMN product TEXT`,
    {
      sqlite: `UPDATE task SET type_id = facts ->> '$.taskTypeId', zone = facts ->> '$.zone', product = facts ->> '$.product'`,
    },
    `CREATE INDEX change_started ON change (at) WHERE to_status = 2 AND (from_status IS NULL OR from_status <> 2)`,
  ],
};
