import type { Migration } from './migration.ts';

/** Which schema the program speaks that holds a lease, so that a step which older programs could not live with waits for their end. */
export const leaseSchema: Migration = {
  version: 9,
  name: 'lease schema',
  compatibleFrom: 8,
  statements: ['ALTER TABLE lease ADD COLUMN schema_version BIGINT'],
};
