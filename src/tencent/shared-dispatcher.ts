import type { Dispatcher } from 'undici';
import { createDispatcher, type Env } from './dispatcher.ts';

export interface SharedDispatcher {
  /** The connections, and the way to let go of them. Throws a sentence for what is no proxy's address. */
  open(): { readonly dispatcher: Dispatcher; close(): Promise<void> };
}

/**
 * One set of connections for all accounts, opened for the first and closed with the last. What is kept alive serves whichever account asks next, so that
 * hundreds need a few, and no TLS handshake for each poll.
 */
export function shareDispatcher(env: Env): SharedDispatcher {
  let shared: Dispatcher | null = null;
  let users = 0;
  return {
    open() {
      shared ??= createDispatcher(env);
      const dispatcher = shared;
      users += 1;
      let isOpen = true;
      return {
        dispatcher,
        async close() {
          if (!isOpen) return;
          isOpen = false;
          users -= 1;
          if (users > 0) return;
          shared = null;
          await dispatcher.destroy();
        },
      };
    },
  };
}
