import type { UnitFence } from './unit-fence.ts';

/** A part of the work that one replica does at a time: the accounts of one key, a lane, or what is due by the clock. */
export interface Unit {
  /** Of its lease. */
  readonly name: string;
  /** Replicas share the units of each kind evenly. */
  readonly kind: 'accounts' | 'lane' | 'clock' | 'replica';
  /** How long its lease lasts unless it is renewed. */
  readonly lastsMs: number;
  /** What the unit's store and its way to the API ask whether they may. */
  readonly fence: UnitFence;
  /** Takes up what the one before left there: open polls, messages on their way. */
  takeUp(): Promise<void>;
  /** Works until the signal. */
  run(signal: AbortSignal): Promise<void>;
}
