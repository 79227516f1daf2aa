import { type Clock, MINUTE_MS } from '../lib/clock.ts';
import type { Poller } from '../poll/poller.ts';
import type { Store } from '../store/store.ts';

export interface FirstReadDeps {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly pollers: readonly Pick<Poller, 'account' | 'nextPoll'>[];
  readonly store: Pick<Store, 'accounts' | 'shared'>;
}

export interface FirstRead {
  isRead(): boolean;
  /** To be called before it is asked: other processes poll, too, where they share the store. */
  look(): Promise<void>;
}

const WITHIN_MS = 2 * MINUTE_MS;

/**
 * True once every account was polled from now on, or had two minutes for it: what was due while nobody ran must not say of an account that it is not
 * known only because this process has just begun or the clock has just jumped, and must never keep it from polling. `isKnown`: of which accounts
 * nothing is missing.
 */
export function createFirstRead(
  { clock, pollers, store }: FirstReadDeps,
  isKnown: (account: string) => boolean = () => false,
): FirstRead {
  const notAfter = clock.monotonic() + WITHIN_MS;
  let read = false;
  let before: ReadonlyMap<string, number | null> | null = null;
  if (!store.shared)
    void Promise.all(pollers.filter(({ account }) => !isKnown(account)).map((poller) => poller.nextPoll())).then(() => {
      read = true;
    });
  const isRead = (): boolean => read || clock.monotonic() > notAfter;
  return {
    isRead,
    async look() {
      if (!store.shared || isRead()) return;
      const accounts = await store.accounts();
      before ??= new Map(accounts.map(({ account, lastCompleteAt }) => [account, lastCompleteAt]));
      const wholeBefore = before;
      read = accounts.every(
        ({ account, lastCompleteAt }) => isKnown(account) || lastCompleteAt !== (wholeBefore.get(account) ?? null),
      );
    },
  };
}
