import type { LeaseRecord } from '../store/store.ts';
import type { Unit } from './unit.ts';

/** Of a lease by which a replica says that it lives. */
export const REPLICA = 'replica ';

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
  const others = leases.filter(({ name, owner, leftMs }) => name.startsWith(REPLICA) && owner !== me && leftMs > 0);
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
