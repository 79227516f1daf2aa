import { SECOND_MS } from '../lib/clock.ts';
import type { LeaseRecord } from '../store/store.ts';
import type { Unit } from './unit.ts';

/** Of a lease by which a replica says that it lives. */
export const REPLICA = 'replica ';
/** How long such a lease lasts. */
export const ALIVE_MS = 15 * SECOND_MS;
/** How often a replica renews what it holds. A third of the lease: two renewals may fail. */
export const RENEW_MS = 5 * SECOND_MS;
/** So late with its renewal a replica is not counted for any more: seconds before its own units are free, as what one that died before it has left waits meanwhile. */
const LATE_MS = 3 * SECOND_MS;
const COUNTS_ABOVE_MS = ALIVE_MS - RENEW_MS - LATE_MS;

export interface Share {
  /** Names of free units to take now. */
  readonly take: readonly string[];
  /** Names of units to give back, for others to take. */
  readonly give: readonly string[];
}

/** What a replica should take or give back: of each kind of unit at most an even share, rounded up. `held`: what it works on. Pure. */
export function shareOf(
  units: readonly Pick<Unit, 'name' | 'kind'>[],
  held: ReadonlySet<string>,
  leases: readonly LeaseRecord[],
  me: string,
): Share {
  const byName = new Map(leases.map((lease) => [lease.name, lease]));
  const others = leases.filter(
    ({ name, owner, leftMs }) => name.startsWith(REPLICA) && owner !== me && leftMs > COUNTS_ABOVE_MS,
  );
  const take: string[] = [];
  const give: string[] = [];
  for (const ofKind of Map.groupBy(units, ({ kind }) => kind).values()) {
    const fair = Math.ceil(ofKind.length / (others.length + 1));
    const names = ofKind.map(({ name }) => name).toSorted();
    const mine = names.filter((name) => held.has(name));
    give.push(...mine.slice(fair));
    const free = names.filter((name) => !held.has(name) && isFree(byName.get(name), me));
    take.push(...free.slice(0, Math.max(0, fair - mine.length)));
  }
  return { take, give };
}

/** One that is its own though it does not work on it, it took without learning of it. */
function isFree(lease: LeaseRecord | undefined, me: string): boolean {
  return lease === undefined || lease.leftMs === 0 || lease.owner === me;
}
