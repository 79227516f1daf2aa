import type { Migration } from './migration.ts';

/** Polls look up which tasks they know of one second, closed ones too. */
export const seconds: Migration = {
  version: 11,
  name: 'seconds',
  compatibleFrom: 9,
  statements: [`CREATE INDEX task_created ON task (account, create_time)`],
};
