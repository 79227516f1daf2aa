import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { T0 } from '../support/store-world.ts';
import { accountCases } from './store-accounts.ts';
import { channelCases } from './store-channels.ts';
import { digestCases } from './store-digests.ts';
import { journalCases } from './store-journal.ts';
import { leaseCases } from './store-leases.ts';
import { ledgerCases } from './store-ledger.ts';
import { outageCases } from './store-outages.ts';
import { outboxCases } from './store-outbox.ts';
import { pollCases } from './store-polls.ts';
import { reminderCases } from './store-reminders.ts';
import { silenceCases } from './store-silences.ts';
import { viewCases } from './store-views.ts';

/** Gives the cases of one theme the store of the case that runs. */
export type TheStore = () => Store;

/**
 * What every engine's store promises. `open` gives an empty, current store for each case; it is closed after it.
 * Rivals are two calls at once on one store: an engine with several connections uses them.
 */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`the store in ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
      await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
    });
    afterEach(() => store.close());
    const the: TheStore = () => store;
    describe('accounts', () => accountCases(the));
    describe('polls', () => pollCases(the));
    describe('the ledger', () => ledgerCases(the));
    describe('the outbox', () => outboxCases(the));
    describe('outages', () => outageCases(the));
    describe('channels that are gone', () => channelCases(the));
    describe('digests', () => digestCases(the));
    describe('reminders', () => reminderCases(the));
    describe('silences', () => silenceCases(the));
    describe('the journal', () => journalCases(the));
    describe('leases', () => leaseCases(the));
    describe('views', () => viewCases(the));
  });
}
