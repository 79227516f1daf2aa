import { type Clock, type EpochMs, MINUTE_MS } from '../lib/clock.ts';
import type { Store } from '../store/store.ts';

export interface WaitingDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Each lane's channels, and those through which its trouble is told. */
  readonly lanes: readonly { readonly channels: readonly string[]; readonly others: readonly string[] }[];
  readonly wake: () => void;
}

/**
 * A lane whose tries fail is told as down after a quarter of an hour. What still waits after twice that waits for another reason: a pause that the
 * counterpart asked for, a backlog longer than its pace, a loop that hangs.
 */
const TOO_LONG_MS = 30 * MINUTE_MS;

/**
 * A function to call at each tick: it tells the operator once when something has waited for a channel too long, and once when nothing does any more.
 * Time counts from when this process first saw the channel busy, so that a start or a `requeue` alarms nobody; `sinceEver`: from the alert's own
 * moment, for `once`, which has just tried everything.
 */
export function createWaitingWatch(deps: WaitingDeps, { sinceEver }: { readonly sinceEver: boolean }) {
  const { store, clock } = deps;
  const busySince = new Map<string, number>();

  function waitedMs(channel: string, oldestAt: EpochMs | undefined): number {
    if (oldestAt === undefined) {
      busySince.delete(channel);
      return 0;
    }
    const age = clock.now() - oldestAt;
    if (sinceEver) return age;
    const since = busySince.get(channel) ?? clock.monotonic();
    busySince.set(channel, since);
    return Math.min(age, clock.monotonic() - since);
  }

  return async (): Promise<void> => {
    const at = clock.now();
    const oldest = new Map((await store.oldestWaiting()).map(({ channel, oldestAt }) => [channel, oldestAt]));
    const episodes = await store.episodes();
    const isTold = (code: string, channel: string) =>
      episodes.some((episode) => episode.code === code && episode.subject === channel);
    for (const { channels, others } of deps.lanes) {
      for (const channel of channels) {
        const oldestAt = oldest.get(channel);
        const tooLong = waitedMs(channel, oldestAt) >= TOO_LONG_MS;
        const told = isTold('messages-waiting', channel);
        let isNews = false;
        if (tooLong && !told && !isTold('lane-down', channel))
          isNews = await store.raise(
            { at, code: 'messages-waiting', subject: channel, facts: { channel, since: oldestAt ?? at } },
            others,
          );
        else if (!tooLong && told && (oldestAt === undefined || at - oldestAt < TOO_LONG_MS))
          isNews = await store.over('messages-waiting', channel, at, others);
        if (isNews) deps.wake();
      }
    }
  };
}
