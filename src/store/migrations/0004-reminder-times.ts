import type { Migration } from './migration.ts';

/** When the deadline ladder must look at a pending task again; 0 after each write. Without it every tick would read every pending task. */
export const reminderTimes: Migration = {
  version: 4,
  name: 'reminder-times',
  statements: [
    `ALTER TABLE task ADD COLUMN remind_at BIGINT DEFAULT 0`,
    `CREATE INDEX task_remind ON task (remind_at) WHERE ending IS NULL AND status = 1`,
  ],
};
