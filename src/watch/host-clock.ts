import { type Clock, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import type { Store } from '../store/store.ts';

export interface HostClockDeps {
  readonly store: Pick<Store, 'raise' | 'over' | 'episodes' | 'shared'>;
  readonly clock: Pick<Clock, 'now'>;
  /** This machine's name. */
  readonly host: string;
  readonly operatorChannels: readonly string[];
  readonly wake: () => void;
}

/** This machine's clock, as the accounts that it reads show it. */
export interface HostClock {
  /** What a whole reading of an account showed: by how much the API's clock is ahead, in milliseconds. */
  saw(account: string, offsetMs: number): void;
  /** To be called when the clock was set: what was seen before means nothing any more. */
  forget(): void;
  /** Tells the operator once that the clock is off, however many accounts show it, and once that it is right again. */
  look(): Promise<void>;
}

/** Requests are signed by the corrected clock; what is shown to people still goes by the host's. */
const OFF_MS = MINUTE_MS;
/** One that goes on is noted each hour; of a host that is gone nobody else says that it is over. */
const GONE_AFTER_MS = 3 * HOUR_MS;
const CODE = 'clock-off';

/** Two APIs may disagree, so that the clock is behind the one and ahead of the other: each direction is an episode of its own. */
export function createHostClock({ store, clock, host, operatorChannels, wake }: HostClockDeps): HostClock {
  const offsets = new Map<string, number>();
  const over = (subject: string): Promise<boolean> => store.over(CODE, subject, clock.now(), operatorChannels);

  function tell(subject: string, off: readonly number[]): Promise<boolean> {
    const middle = off.toSorted((a, b) => a - b)[Math.floor(off.length / 2)] ?? 0;
    const facts = { host, count: off.length, accounts: offsets.size, offsetMs: middle };
    return store.raise({ at: clock.now(), code: CODE, subject, facts }, operatorChannels);
  }

  return {
    saw: (account, offsetMs) => void offsets.set(account, offsetMs),
    forget: () => offsets.clear(),
    async look() {
      if (offsets.size === 0) return;
      const all = [...offsets.values()];
      const behind = [`${host} behind`, all.filter((offsetMs) => offsetMs > OFF_MS)] as const;
      const ahead = [`${host} ahead`, all.filter((offsetMs) => offsetMs < -OFF_MS)] as const;
      const news: boolean[] = [];
      for (const [subject, off] of [behind, ahead])
        news.push(await (off.length > 0 ? tell(subject, off) : over(subject)));
      const mayBeGone = (lastAt: number): boolean => !store.shared || clock.now() - lastAt >= GONE_AFTER_MS;
      for (const { code, subject, lastAt } of await store.episodes())
        if (code === CODE && subject !== behind[0] && subject !== ahead[0] && mayBeGone(lastAt))
          news.push(await over(subject));
      if (news.includes(true)) wake();
    },
  };
}
