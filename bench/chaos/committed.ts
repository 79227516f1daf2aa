import { type EpochMs, SECOND_MS } from '../../src/lib/clock.ts';
import type { ApiRequest, Said } from './journal.ts';
import { unitOfKey } from './unit-of-key.ts';

/** What is known of the fate of an answer. */
export interface Fate {
  /** The process asked for something else then. */
  readonly wentOn: boolean;
  /** So soon that it had this answer. */
  readonly inTime: boolean;
}

/** The program gives a request up after 10 s: a request that follows sooner follows an answer. */
export const ANSWER_TAKEN_WITHIN_MS = 9 * SECOND_MS;
const UNKNOWN: Fate = { wentOn: false, inTime: false };

/**
 * An answer proves that a row was shown, not that it was committed: that is certain once the same process has asked for something else, since a poll
 * reads one page after the other and commits each before it goes on. The history is read beside the polls and proves nothing.
 */
export function fateOf(request: ApiRequest, later: readonly ApiRequest[], said: Said | null): Fate {
  return said === null ? ofTheOnlyProcess(request, later) : ofAReplica(request, later, said);
}

/** Its store does not fail. */
function ofTheOnlyProcess(request: ApiRequest, later: readonly ApiRequest[]): Fate {
  const next = later.find(({ set }) => set !== 'history');
  if (next === undefined || next.life !== request.life || next.body === request.body) return UNKNOWN;
  return { wentOn: true, inTime: next.at - request.at < ANSWER_TAKEN_WITHIN_MS };
}

/** Its store may be out of reach, or its lease lost: only the same poll goes on with what is committed, and a whole one has committed all. */
function ofAReplica({ life, account, at, body }: ApiRequest, later: readonly ApiRequest[], said: Said): Fate {
  const next = later.find((other) => other.life === life && other.set !== 'history');
  if (next !== undefined && !next.beginsPoll)
    return next.body === body ? UNKNOWN : { wentOn: true, inTime: next.at - at < ANSWER_TAKEN_WITHIN_MS };
  const until: EpochMs = next?.at ?? Number.POSITIVE_INFINITY;
  const isWhole = said.wholePolls.some(
    (poll) => poll.life === life && poll.account === account && poll.at >= at && poll.at <= until,
  );
  return isWhole ? { wentOn: true, inTime: true } : UNKNOWN;
}

/** Of each request the one that tells its fate: whatever is asked next, or by the same process where several ask. Of an account, in their order. */
export function followersOf(requests: readonly ApiRequest[], said: Said | null): readonly (ApiRequest | undefined)[] {
  const next = new Map<number | null, ApiRequest>();
  const followers = requests.toReversed().map((request) => {
    const who = said === null ? null : request.life;
    const follower = next.get(who);
    if (request.set !== 'history') next.set(who, request);
    return follower;
  });
  return followers.reverse();
}

/** Who had the lease for the accounts of the request's key when it was sent; undefined: nobody has said so. */
export type OwnerOf = (request: ApiRequest) => number | undefined;

export function createOwnerOf({ leases }: Said): OwnerOf {
  const taken = Map.groupBy(
    leases.filter((lease) => lease.taken),
    ({ unit }) => unit,
  );
  const units = new Map<string, string>();
  return ({ key, at }) => {
    const unit = units.get(key) ?? unitOfKey(key);
    units.set(key, unit);
    return taken.get(unit)?.findLast((lease) => lease.at <= at)?.life;
  };
}

/** A request of a process that was stopped before it sent it, while others have taken over: whatever the answer, it can commit nothing. */
export function isStray(request: ApiRequest, earlier: ApiRequest | undefined, ownerOf: OwnerOf): boolean {
  if (request.set === 'history') return false;
  const isOthers = (ownerOf(request) ?? request.life) !== request.life;
  return isOthers || (earlier !== undefined && earlier.life !== request.life && !request.beginsPoll);
}
