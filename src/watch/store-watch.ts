import type { Channel } from '../channels/channel.ts';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { OperatorNotice } from '../model/alert.ts';
import type { Store } from '../store/store.ts';
import { CLOCK_BEATS_WITHIN_MS, CLOCK_LOOP, NOT_WRITABLE } from './loop-names.ts';

export interface StoreWatchDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** The shortest of any account; another one after a reload. */
  readonly pollIntervalMs: () => number;
  /** The operator's, which are asked directly while nothing can be recorded. */
  readonly channels: () => readonly Channel[];
  /** Whether this replica is the one that sends through the channel now. */
  readonly serves: (channel: Channel) => boolean;
  /** The name of this process among the replicas; null where it is alone on its store. */
  readonly replica: () => string | null;
  /** A message's key from what it is made of. */
  readonly keyOf: (parts: readonly (string | number)[]) => string;
  readonly wake: () => void;
}

export interface StoreWatch {
  /** Hears of every write: null where it succeeded. `isWhole`: see `StoreError`. */
  wrote(failure: (Error & { readonly isWhole?: boolean }) | null): void;
  /** True while writes fail that have failed for half a minute. */
  isTroubled(): boolean;
  /** To be called at each tick: tells the operator when the trouble is one, and when it is over. */
  look(store: Pick<Store, 'tellOver' | 'beat'>, signal: AbortSignal): Promise<void>;
}

/** Another process may hold the store for some seconds; that is no news. */
const TROUBLE_AFTER_MS = 30 * SECOND_MS;
/** A server that comes back may go again at once: its end is not told between two such. */
const WHOLE_QUIET_MS = 30 * SECOND_MS;
/** Who serves a channel tells through it. That one may have ended together with the store, so the others do not leave it at that. */
const OTHERS_AFTER_MS = 15 * MINUTE_MS;
const SEND_DEADLINE_MS = 20 * SECOND_MS;
const SUBJECT = 'store';

interface Trouble {
  readonly since: EpochMs;
  readonly first: number;
  last: number;
  reason: string;
  /** So far each failure was one beside which no write can succeed. */
  isWhole: boolean;
  lasts: boolean;
  /** `health` sees it in the store. */
  shown: boolean;
  /** Channels that this process served when it last could write. */
  readonly served: ReadonlySet<string>;
  readonly told: Set<string>;
}

/**
 * Watches whether the store can be written. On a full disk some writes still succeed, so a success ends nothing: it is over when nothing has failed
 * for as long as two polls take; where a server was away, half a minute after it came back. The notice of it is the only message that is sent without a record; its end is recorded as any other. Nothing can
 * be agreed upon meanwhile, so of several replicas the one tells that had the channel's lease when the store could last be written.
 */
export function createStoreWatch(deps: StoreWatchDeps): StoreWatch {
  const { clock, log } = deps;
  let lastSuccess = Number.NEGATIVE_INFINITY;
  let served: ReadonlySet<string> = new Set();
  let trouble: Trouble | null = null;

  async function tell({ since, first, reason, served, told }: Trouble, signal: AbortSignal): Promise<void> {
    const at = clock.now();
    const any = deps.replica() === null || clock.monotonic() - first >= OTHERS_AFTER_MS;
    for (const channel of deps.channels()) {
      if (told.has(channel.name) || !(any || served.has(channel.name))) continue;
      const key = deps.keyOf([SUBJECT, channel.name, since]);
      const notices = [{ event: 'operator', over: false, at, ...noticeOf(since, reason, deps.replica()) } as const];
      const facts = { kind: 'operator', madeAt: at, notices } as const;
      const message = { key, facts, part: 1, parts: 1, plain: false, resume: null };
      const until = AbortSignal.any([signal, AbortSignal.timeout(SEND_DEADLINE_MS)]);
      const { outcome } = await channel.deliver(message, until);
      // A repeat of what may have been accepted could not be recorded either.
      if (outcome === 'delivered' || outcome === 'unknown') told.add(channel.name);
      log.info('store-trouble-told', { channel: channel.name, message: key, outcome });
    }
  }

  return {
    wrote(failure) {
      const now = clock.monotonic();
      if (failure === null) {
        lastSuccess = now;
        served = new Set(
          deps
            .channels()
            .filter(deps.serves)
            .map(({ name }) => name),
        );
      } else if (trouble !== null) {
        trouble.last = now;
        trouble.reason = failure.message;
        trouble.isWhole &&= failure.isWhole ?? false;
      } else {
        const reason = failure.message;
        trouble = {
          since: clock.now(),
          first: now,
          last: now,
          reason,
          isWhole: failure.isWhole ?? false,
          lasts: false,
          shown: false,
          served,
          told: new Set(),
        };
      }
    },
    isTroubled: () => trouble?.lasts ?? false,
    async look(store, signal) {
      const found = trouble;
      if (found === null) return;
      const now = clock.monotonic();
      const quietMs = found.isWhole ? WHOLE_QUIET_MS : Math.max(TROUBLE_AFTER_MS, 2 * deps.pollIntervalMs());
      if (now - found.last >= quietMs && lastSuccess > found.last) {
        if (found.shown) await show(store, CLOCK_BEATS_WITHIN_MS);
        if (found.told.size > 0) await tellOver(store, found);
        if (found.lasts) log.info('store-writable', { since: new Date(found.since).toISOString() });
        trouble = null;
        return;
      }
      const provenUntil = lastSuccess > found.first ? found.last : now;
      if (provenUntil - found.first < TROUBLE_AFTER_MS) return;
      if (!found.lasts) log.error('store-unwritable', { reason: found.reason });
      found.lasts = true;
      // Where that could be written, the trouble would be over.
      if (!found.isWhole) found.shown ||= await show(store, NOT_WRITABLE);
      await tell(found, signal);
    },
  };

  /** On a full disk a small write may succeed: then `health` need not wait until beats are missed. */
  function show(store: Pick<Store, 'beat'>, withinMs: number): Promise<boolean> {
    return store.beat({ loop: CLOCK_LOOP, at: clock.now(), withinMs }).then(
      () => true,
      () => false, // The watch has heard of it like of any other write.
    );
  }

  async function tellOver(store: Pick<Store, 'tellOver'>, { since, reason, told }: Trouble): Promise<void> {
    const notice = { at: clock.now(), ...noticeOf(since, reason, deps.replica()) };
    if (await store.tellOver(notice, since, [...told])) deps.wake();
  }
}

function noticeOf(
  since: EpochMs,
  reason: string,
  replica: string | null,
): Pick<OperatorNotice, 'code' | 'subject' | 'facts'> {
  return {
    code: 'store-unwritable',
    subject: SUBJECT,
    facts: { since, reason, ...(replica !== null && { replica }) },
  };
}
