import { type EpochMs, SECOND_MS } from '../../../src/lib/clock.ts';
import { REPLICA } from '../../../src/replica/share.ts';
import type { ApiRequest, Journal, Said, Upset } from '../journal.ts';
import { unitOfKey } from '../unit-of-key.ts';

/** How the work went from one replica to another. */
export interface Handovers {
  /** A unit was taken that another replica had. */
  readonly count: number;
  /** The shortest time between the last request of one process and the first of the next one for the same key; Infinity: there was none. */
  readonly shortestQuietMs: number;
  /** The shortest time from a key's accounts being taken over to the first request for them; Infinity: there was none. */
  readonly shortestWaitMs: number;
  /** Requests of thawed processes whose accounts others had taken over. */
  readonly strays: number;
  /** For each kind of unit the longest time from a kill to its being taken by another, where a replica was well all the while. */
  readonly longestTakenMs: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
}

/** A new owner waits a second; the last request of the one before may have been under way a little. */
const QUIET_AT_LEAST_MS = 900;
/** Two leases of an account. */
export const TAKEN_WITHIN_MS = 30 * SECOND_MS;
/** Where one upset follows another, so that shares are always those of replicas that are gone already. */
const TAKEN_AT_LAST_WITHIN_MS = 60 * SECOND_MS;
/** By the clock of the host, in whole milliseconds. */
const WAITS_MS = SECOND_MS - 5;
const STRAY_WITHIN_MS = 3 * SECOND_MS;
/** To be stopped within the microseconds between the check of the lease and the request is rare. */
const STRAYS_AT_MOST = 0.1;

/** Judges hand-overs by what the API was asked, and by what each replica said of its leases. */
export function judgeHandovers({ requests, upsets, slowness }: Journal, said: Said): Handovers {
  const byKey = [...Map.groupBy(requests, ({ key }) => key).values()].map((own) => quietOf(own, upsets));
  const strays = byKey.reduce((sum, each) => sum + each.strays, 0);
  const freezes = upsets.filter(({ kind }) => kind === 'freeze').length;
  const { longest, problems } = takenAfterKills(upsets, said, slowness);
  const waits = waitsOf(requests, said);
  const tooMany = `${strays} requests of thawed replicas for accounts that others had, after ${freezes} freezes`;
  return {
    count: countOf(said),
    shortestQuietMs: Math.min(...byKey.map(({ shortestMs }) => shortestMs), Number.POSITIVE_INFINITY),
    shortestWaitMs: Math.min(...waits.map(({ waitedMs }) => waitedMs), Number.POSITIVE_INFINITY),
    strays,
    longestTakenMs: longest,
    problems: [
      ...byKey.flatMap((each) => each.problems),
      ...problems,
      ...waits
        .filter(({ waitedMs }) => waitedMs < WAITS_MS)
        .map(({ life, unit, waitedMs }) => `process ${life} took "${unit}" over and asked after ${waitedMs} ms`),
      ...(strays > Math.max(1, freezes * STRAYS_AT_MOST) ? [tooMany] : []),
    ],
  };
}

/** Of one key, in order of arrival. */
function quietOf(requests: readonly ApiRequest[], upsets: readonly Upset[]) {
  let last: ApiRequest | undefined;
  let shortestMs = Number.POSITIVE_INFINITY;
  let strays = 0;
  const problems: string[] = [];
  for (const request of requests) {
    if (last !== undefined && request.life !== last.life) {
      if (isThawed(request, last, upsets)) {
        strays += 1;
        continue;
      }
      const quietMs = request.at - last.at;
      shortestMs = Math.min(shortestMs, quietMs);
      if (quietMs < QUIET_AT_LEAST_MS)
        problems.push(
          `key ${request.key}: process ${request.life} asked ${quietMs} ms after process ${last.life} (${new Date(request.at).toISOString()})`,
        );
    }
    last = request;
  }
  return { shortestMs, strays, problems };
}

/** It was frozen while the other asked, and has just been thawed; a new owner would wait. */
function isThawed({ life, at }: ApiRequest, last: ApiRequest, upsets: readonly Upset[]): boolean {
  return upsets.some(
    ({ kind, life: frozen, to }) =>
      kind === 'freeze' &&
      frozen === life &&
      at >= to &&
      at < to + STRAY_WITHIN_MS &&
      last.at > to - STRAY_WITHIN_MS &&
      at - last.at < QUIET_AT_LEAST_MS,
  );
}

function countOf({ leases }: Said): number {
  const owners = new Map<string, number>();
  let count = 0;
  for (const { unit, life, taken } of leases) {
    if (!taken) continue;
    const before = owners.get(unit);
    if (before !== undefined && before !== life) count += 1;
    owners.set(unit, life);
  }
  return count;
}

/** Each unit that a killed replica had is taken by another in time: within two leases in which no further upset begins. */
function takenAfterKills(upsets: readonly Upset[], said: Said, slowness: number) {
  const longest = new Map<string, number>();
  const problems: string[] = [];
  for (const kill of upsets.filter((upset) => upset.kind === 'kill')) {
    const withinMs = Math.min(TAKEN_AT_LAST_WITHIN_MS, lastOfTrain(kill, upsets) - kill.from + TAKEN_WITHIN_MS);
    for (const unit of heldAt(kill.life, kill.from, said)) {
      if (unit.startsWith(REPLICA)) continue;
      const taken = said.leases.find((lease) => lease.taken && lease.unit === unit && lease.at > kill.from);
      const tookMs = (taken?.at ?? Number.POSITIVE_INFINITY) - kill.from;
      const kind = unit.split(' ')[0] ?? unit;
      longest.set(kind, Math.max(longest.get(kind) ?? 0, tookMs));
      if (tookMs > withinMs * slowness)
        problems.push(`"${unit}" of killed process ${kill.life} was taken after ${(tookMs / SECOND_MS).toFixed(1)} s`);
    }
  }
  return { longest, problems };
}

/** When the last upset began that followed within two leases of the one before it. */
function lastOfTrain(kill: Upset, upsets: readonly Upset[]): EpochMs {
  let last = kill.from;
  for (const { from } of upsets) if (from > last && from < last + TAKEN_WITHIN_MS) last = from;
  return last;
}

/** How long new owners waited before they asked for anything. */
function waitsOf(requests: readonly ApiRequest[], { leases }: Said) {
  const byKey = Map.groupBy(requests, ({ key }) => unitOfKey(key));
  return leases.flatMap(({ life, unit, taken, fence, at }) => {
    if (!taken || fence <= 1) return [];
    const first = byKey.get(unit)?.find((request) => request.life === life && request.at > at);
    return first === undefined ? [] : [{ life, unit, waitedMs: first.at - at }];
  });
}

function heldAt(life: number, at: EpochMs, { leases }: Said): ReadonlySet<string> {
  const held = new Set<string>();
  for (const lease of leases) {
    if (lease.life !== life || lease.at > at) continue;
    if (lease.taken) held.add(lease.unit);
    else held.delete(lease.unit);
  }
  return held;
}
