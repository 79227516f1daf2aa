import type { EpochMs } from '../../lib/clock.ts';
import type { OperatorCode, OperatorNotice } from '../../model/alert.ts';

/** Something that the operator was told of and that is not over. */
export interface Episode {
  readonly code: OperatorCode;
  readonly subject: string;
  readonly since: EpochMs;
  /** When it was last raised, to the hour. */
  readonly lastAt: EpochMs;
}

export interface OperatorStore {
  /** Begins an episode and its alert unless the same one is under way, which is only noted; true if it began. */
  raise(notice: Omit<OperatorNotice, 'event' | 'over'>, channels: readonly string[]): Promise<boolean>;
  /** Ends an episode, with an "over" alert where it was under way; true if it was. */
  over(code: OperatorCode, subject: string, at: EpochMs, channels: readonly string[]): Promise<boolean>;
  /**
   * Tells the end of what could not be recorded while it lasted, to those of the channels that were not told of one since it began: several replicas
   * may have met the same. True if it told any.
   */
  tellOver(
    notice: Omit<OperatorNotice, 'event' | 'over'>,
    since: EpochMs,
    channels: readonly string[],
  ): Promise<boolean>;
  episodes(): Promise<readonly Episode[]>;
}
