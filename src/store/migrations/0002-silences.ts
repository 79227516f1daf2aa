import type { Migration } from './migration.ts';

/** Acknowledgements and mutes with who and when, and the alerts that they held back. `settled_at`: it no longer holds and its end was worked off. */
export const silences: Migration = {
  version: 2,
  name: 'silences',
  statements: [
    `INSERT INTO id_sequence (name, next_id) VALUES ('ack', 1), ('mute', 1)`,
    `CREATE TABLE ack (
      id BIGINT NOT NULL PRIMARY KEY,
      task_id TEXT NOT NULL,
      account TEXT NOT NULL,
      revision BIGINT NOT NULL,
      by_whom TEXT NOT NULL,
      at BIGINT NOT NULL,
      until_at BIGINT,
      settled_at BIGINT)`,
    `CREATE INDEX ack_task ON ack (task_id, account)`,
    `CREATE INDEX ack_live ON ack (id) WHERE settled_at IS NULL`,
    `CREATE TABLE mute (
      id BIGINT NOT NULL PRIMARY KEY,
      task_id TEXT,
      account TEXT,
      matching TEXT,
      data_loss SMALLINT NOT NULL,
      by_whom TEXT,
      reason TEXT NOT NULL,
      at BIGINT NOT NULL,
      until_at BIGINT NOT NULL,
      ended_at BIGINT,
      ended_by TEXT,
      settled_at BIGINT)`,
    `CREATE INDEX mute_task ON mute (task_id, account) WHERE task_id IS NOT NULL`,
    `CREATE INDEX mute_match ON mute (until_at) WHERE task_id IS NULL`,
    `CREATE INDEX mute_live ON mute (id) WHERE settled_at IS NULL`,
    `CREATE TABLE withheld (
      alert_id BIGINT NOT NULL REFERENCES alert (id),
      channel TEXT NOT NULL,
      at BIGINT NOT NULL,
      why TEXT NOT NULL,
      closed_at BIGINT,
      PRIMARY KEY (alert_id, channel))`,
    `CREATE INDEX withheld_open ON withheld (alert_id) WHERE closed_at IS NULL`,
  ],
};
