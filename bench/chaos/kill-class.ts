import { type EpochMs, systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/registry.ts';
import type { DeliveryRecord, Store } from '../../src/store/store.ts';
import type { ApiRequest, Journal, KillClass } from './journal.ts';

/** One process's life: its number, its start and its end. */
export interface Span {
  readonly life: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface KillPoint {
  readonly classes: readonly KillClass[];
  readonly sending: readonly string[];
}

/** Reads what a killed process left, without writing, and names the moments at which it died. */
export interface KillClassifier {
  classify(span: Span): Promise<KillPoint>;
}

/** More than a lane that stands still for five minutes gathers. */
const MESSAGES_LOOKED_AT = 1_000;
const POLLS_LOOKED_AT = 6;

export function createKillClassifier(path: string, journal: Journal): KillClassifier {
  /** Tries of the messages that the process before was sending: one that has no more now waits to be taken up. */
  let tries = new Map<string, number>();
  return {
    async classify(span) {
      const options = { mode: 'reader', clock: systemClock } as const;
      const store = await openStore({ engine: 'sqlite', path }, options).catch((error: unknown) => {
        // Killed before it had made its store; one that has asked for anything has made it.
        if (journal.requests.length === 0) return null;
        throw error;
      });
      if (store === null) return { classes: [], sending: [] };
      try {
        const begun = await store.deliveries({ state: 'sending', limit: MESSAGES_LOOKED_AT });
        const waiting = await store.deliveries({ state: 'waiting', limit: MESSAGES_LOOKED_AT });
        const unknown = await store.deliveries({ state: 'unknown', limit: MESSAGES_LOOKED_AT });
        const sending = begun.filter(({ key, attempts }) => attempts > (tries.get(key) ?? 0)).map(({ key }) => key);
        tries = new Map(begun.map(({ key, attempts }) => [key, attempts]));
        const found = [
          deliveryClass([...begun, ...waiting, ...unknown], sending, span, journal),
          await pollClass(store, span, journal),
        ];
        return { sending, classes: found.filter((name) => name !== null) };
      } finally {
        await store.close();
      }
    },
  };
}

function deliveryClass(
  unsettled: readonly DeliveryRecord[],
  sending: readonly string[],
  { life, from }: Span,
  journal: Journal,
): KillClass | null {
  const arrived = new Set(journal.arrivals.filter((arrival) => arrival.life === life).map(({ key }) => key));
  if (sending.some((key) => arrived.has(key))) return 'accepted, not settled';
  if (unsettled.some(({ kind, madeAt }) => kind === 'digest' && madeAt >= from)) return 'in a digest';
  return sending.length > 0 ? 'after claim' : null;
}

async function pollClass(store: Store, { life, from, to }: Span, journal: Journal): Promise<KillClass | null> {
  const polls = (await store.polls({ limit: POLLS_LOOKED_AT })).filter(
    ({ kind, startedAt }) => kind === 'poll' && startedAt >= from,
  );
  const open = polls.find(({ endedAt }) => endedAt === null);
  if (open === undefined) return polls.length > 0 ? "after the poll's end" : null;
  const requests = journal.requests.filter((request) => request.life === life && request.set !== 'history');
  const own = requests.slice(
    Math.max(
      0,
      requests.findLastIndex(({ beginsPoll }) => beginsPoll),
    ),
  );
  const last = own.findLastIndex(({ answer }) => answer !== null && !answer.spoiled && answer.at <= to);
  const page = own[last];
  if (page === undefined) return null;
  // Whoever asks for something else has committed what was answered before.
  if (own.slice(last + 1).some(({ body }) => body !== page.body)) return 'between page commits';
  const telling = onlyOn(page, own.slice(0, last));
  if (telling === null) return null;
  const seenPolls = (await store.task(telling)).map(({ seenPoll }) => seenPoll);
  return seenPolls.includes(open.id) ? 'between page commits' : 'after read';
}

/** A task that no earlier page of the poll showed: it alone says whether this page was committed. */
function onlyOn(page: ApiRequest, earlier: readonly ApiRequest[]): string | null {
  const shown = new Set(earlier.flatMap(({ answer }) => (answer?.rows ?? []).map(({ TaskId }) => TaskId)));
  return page.answer?.rows.find(({ TaskId }) => !shown.has(TaskId))?.TaskId ?? null;
}
