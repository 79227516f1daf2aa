import { type Clock, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { clientOf } from './client.ts';

/** Wrong tokens in a minute that are answered at once: of one client, and of all together, since somebody may have many addresses. */
const AT_ONCE = 20;
const AT_ONCE_IN_ALL = 1000;
const LATE_MS = SECOND_MS;
/** Answers that are held back at a time, and clients that are remembered: what a flood may cost. */
const HELD_MAX = 200;
const CLIENTS_MAX = 10_000;

/** Where a wrong token came from. */
export interface Guess {
  /** The address of the other end; undefined: not known. */
  readonly address: string | undefined;
  readonly way: 'form' | 'bearer';
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Counts wrong tokens. The right one is never counted nor late: behind a proxy all have one address, and nobody may lock the others out. */
export interface Guesses {
  /** Resolves to whether there were too many, and then after a second. */
  wrong(guess: Guess): Promise<boolean>;
}

interface Minute {
  readonly since: number;
  count: number;
}

export function createGuesses({ clock, log }: { readonly clock: Clock; readonly log: Log }): Guesses {
  /** The one whose minute began first is the first. */
  const clients = new Map<string, Minute>();
  let all: Minute = { since: clock.monotonic(), count: 0 };
  let held = 0;
  const counted = (minute: Minute | undefined): Minute => {
    const now = clock.monotonic();
    const current = minute !== undefined && now - minute.since < MINUTE_MS ? minute : { since: now, count: 0 };
    current.count += 1;
    return current;
  };
  const countOf = (client: string): number => {
    const before = clients.get(client);
    const minute = counted(before);
    if (minute !== before) clients.delete(client);
    clients.set(client, minute);
    const [first] = clients.keys();
    if (clients.size > CLIENTS_MAX && first !== undefined) clients.delete(first);
    return minute.count;
  };
  return {
    async wrong({ address, way, signal }) {
      const client = clientOf(address);
      const count = countOf(client);
      all = counted(all);
      if (count <= AT_ONCE && all.count <= AT_ONCE_IN_ALL) {
        log.warn('login-refused', { client, way });
        return false;
      }
      // Once a minute, so that a flood does not fill the log.
      if (count === AT_ONCE + 1 || all.count === AT_ONCE_IN_ALL + 1) log.warn('logins-slowed', { client, way });
      if (held >= HELD_MAX) return true;
      held += 1;
      await clock.sleep(LATE_MS, signal).catch(() => undefined); // aborted: nobody waits
      held -= 1;
      return true;
    },
  };
}
