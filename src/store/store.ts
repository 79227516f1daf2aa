import type { DigestStore } from './port/digest-store.ts';
import type { Journal } from './port/journal-store.ts';
import type { Fence, LeaseStore } from './port/lease-store.ts';
import type { OperatorStore } from './port/operator-store.ts';
import type { OutboxStore } from './port/outbox-store.ts';
import type { PollStore } from './port/poll-store.ts';
import type { ReminderStore } from './port/reminder-store.ts';
import type { SilenceStore } from './port/silence-store.ts';
import type { ViewStore } from './port/view-store.ts';

export type * from './port/digest-store.ts';
export type * from './port/journal-store.ts';
export type * from './port/known.ts';
export type * from './port/lease-store.ts';
export type * from './port/operator-store.ts';
export type * from './port/outbox-store.ts';
export type * from './port/poll-store.ts';
export type * from './port/reminder-store.ts';
export type * from './port/silence-store.ts';
export type * from './port/view-store.ts';

/**
 * The store's port, in the domain's verbs. Each verb is one transaction: it happened whole, durably, or not at all.
 * Decisions are pure functions handed in, so that they see exactly the rows that the transaction sees; they must not wait or throw.
 * One contract suite (`test/contract/store.ts`) runs for every engine.
 */
export interface Store
  extends PollStore,
    OutboxStore,
    DigestStore,
    OperatorStore,
    SilenceStore,
    ReminderStore,
    Journal,
    ViewStore,
    LeaseStore {
  /** True where several processes may own the store at once, so that they must share its work by leases. */
  readonly shared: boolean;
  /** The same store for a writer that must hold a lease: without it each of its writes is refused whole. Its `close` does nothing. */
  within(fence: Fence): Store;
  close(): Promise<void>;
}
