import { type Clock, DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
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
  /** Tells the operator once that the clock is off, however many accounts show it, and once that it is right again, for some polls or since it was set. */
  look(): Promise<void>;
}

/** Requests are signed by the corrected clock; what is shown to people still goes by the host's. */
const OFF_MS = MINUTE_MS;
/** An API may have many servers of which one has a wrong clock: an account shows it until so many of its polls in a row do not. */
const SOUND_POLLS = 3;
/** So many it takes for an account that was sound for longer; twice as many each time that it was not. */
const SOUND_AGAIN_MS = DAY_MS;
/** What another process saw is over so long after it was last noted, which happens each hour: an hour at least in which nothing was off. */
const SOUND_FOR_MS = 2 * HOUR_MS;
/** One that goes on is noted each hour; of a host that is gone nobody else says that it is over. */
const GONE_AFTER_MS = 3 * HOUR_MS;
const CODE = 'clock-off';

/** What an account has last shown, and how many of its polls since have shown nothing. */
interface Shown {
  readonly offsetMs: number;
  readonly soundPolls: number;
  /** How many it takes until it shows it no more. */
  readonly needed: number;
  readonly offAt: EpochMs;
}

const SOUND: Shown = { offsetMs: 0, soundPolls: 0, needed: SOUND_POLLS, offAt: Number.NEGATIVE_INFINITY };

/** Two APIs may disagree, so that the clock is behind the one and ahead of the other: each direction is an episode of its own. */
export function createHostClock({ store, clock, host, operatorChannels, wake }: HostClockDeps): HostClock {
  const accounts = new Map<string, Shown>();
  /** What was off before the clock was set says nothing of what it is now. */
  let wasSet = false;
  /** What this process has seen itself, so that it knows when it is over. */
  const told = new Set<string>();

  function tell(subject: string, off: readonly number[]): Promise<boolean> {
    wasSet = false;
    told.add(subject);
    const middle = off.toSorted((a, b) => a - b)[Math.floor(off.length / 2)] ?? 0;
    const facts = { host, count: off.length, accounts: accounts.size, offsetMs: middle };
    return store.raise({ at: clock.now(), code: CODE, subject, facts }, operatorChannels);
  }

  return {
    saw(account, offsetMs) {
      accounts.set(account, nextShown(accounts.get(account) ?? SOUND, offsetMs, clock.now()));
    },
    forget() {
      accounts.clear();
      wasSet = true;
    },
    async look() {
      if (accounts.size === 0) return;
      const offsets = [...accounts.values()].map(({ offsetMs }) => offsetMs).filter(isOff);
      const shown = new Map([
        [`${host} behind`, offsets.filter((offsetMs) => offsetMs > 0)],
        [`${host} ahead`, offsets.filter((offsetMs) => offsetMs < 0)],
      ]);
      const news: boolean[] = [];
      for (const [subject, off] of shown) if (off.length > 0) news.push(await tell(subject, off));
      const isOver = (subject: string, quietMs: number): boolean => {
        const off = shown.get(subject);
        if (off === undefined) return !store.shared || quietMs >= GONE_AFTER_MS;
        return off.length === 0 && (wasSet || told.has(subject) || quietMs >= SOUND_FOR_MS);
      };
      for (const { code, subject, lastAt } of await store.episodes())
        if (code === CODE && isOver(subject, clock.now() - lastAt))
          news.push(await store.over(CODE, subject, clock.now(), operatorChannels));
      if (news.includes(true)) wake();
    },
  };
}

/** What an account shows after one more poll. Pure. */
function nextShown(before: Shown, offsetMs: number, now: EpochMs): Shown {
  const wasOff = isOff(before.offsetMs);
  if (isOff(offsetMs)) {
    const isBack = !wasOff && now - before.offAt < SOUND_AGAIN_MS;
    const needed = isBack ? 2 * before.needed : wasOff ? before.needed : SOUND_POLLS;
    return { offsetMs, soundPolls: 0, needed, offAt: now };
  }
  const soundPolls = before.soundPolls + 1;
  return wasOff && soundPolls < before.needed ? { ...before, soundPolls } : { ...before, offsetMs, soundPolls: 0 };
}

function isOff(offsetMs: number): boolean {
  return Math.abs(offsetMs) > OFF_MS;
}
