import { first } from './0001-first.ts';
import { silences } from './0002-silences.ts';
import { ledger } from './0003-ledger.ts';
import { reminderTimes } from './0004-reminder-times.ts';
import { views } from './0005-views.ts';
import { failures } from './0006-failures.ts';
import { history } from './0007-history.ts';
import { leases } from './0008-leases.ts';
import { leaseSchema } from './0009-lease-schema.ts';
import { lists } from './0010-lists.ts';
import { seconds } from './0011-seconds.ts';
import type { Migration } from './migration.ts';

/** Every step, in order. */
export const MIGRATIONS: readonly Migration[] = [
  first,
  silences,
  ledger,
  reminderTimes,
  views,
  failures,
  history,
  leases,
  leaseSchema,
  lists,
  seconds,
];

/** The schema that this program speaks. */
export const SCHEMA = MIGRATIONS.length;
