import type { Migration } from './migration.ts';

/** How many tries of a message failed, beside how many were begun; and whether its lane was down at the last one. */
export const failures: Migration = {
  version: 6,
  name: 'failures',
  statements: [
    `ALTER TABLE message ADD COLUMN failures BIGINT NOT NULL DEFAULT 0`,
    `ALTER TABLE message ADD COLUMN lane_down SMALLINT NOT NULL DEFAULT 0`,
    // What has waited until now goes on with the pauses that it had.
    `UPDATE message SET failures = attempts WHERE settled_at IS NULL`,
  ],
};
