import type { Dispatcher } from 'undici';
import { createLoans } from '../lib/loans.ts';
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
  const loans = createLoans<Dispatcher>((dispatcher) => dispatcher.destroy());
  return {
    open() {
      const { thing, giveBack } = loans.borrow('', () => createDispatcher(env));
      return { dispatcher: thing, close: giveBack };
    },
  };
}
