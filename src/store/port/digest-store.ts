import type { EpochMs } from '../../lib/clock.ts';
import type { DigestFacts } from '../../model/message.ts';
import type { Silences } from '../../model/silence.ts';
import type { Change, StoredTask } from './known.ts';
import type { AccountState } from './poll-store.ts';

export interface DigestInput {
  readonly coversFrom: EpochMs;
  readonly pending: readonly StoredTask[];
  readonly silences: Silences;
  readonly changes: readonly { readonly change: Change; readonly stored: StoredTask }[];
  readonly accounts: readonly AccountState[];
  readonly deadMessages: number;
}

export interface DigestStore {
  /** Remembers when each digest is due next; a name seen for the first time covers from now on. Names that are gone are forgotten. */
  syncDigests(digests: readonly { name: string; scheduleKey: string; nextAt: EpochMs }[], now: EpochMs): Promise<void>;
  /** The digests whose time has come: name and the scheduled time that was missed or is now. */
  dueDigests(now: EpochMs): Promise<readonly { readonly name: string; readonly scheduledAt: EpochMs }[]>;
  /**
   * Inserts the digest's row, takes every change that no earlier digest of that name took, freezes the facts and makes one message per channel.
   * False when that (name, scheduled time) was made before.
   */
  makeDigest(
    digest: {
      readonly name: string;
      readonly scheduledAt: EpochMs;
      readonly nextAt: EpochMs;
      readonly channels: readonly string[];
    },
    now: EpochMs,
    compose: (input: DigestInput) => DigestFacts,
  ): Promise<boolean>;
  /** What `makeDigest` would hand to `compose`, without writing. */
  previewDigest(name: string, now: EpochMs): Promise<DigestInput>;
}
