import { OPEN_STATUSES, PENDING } from '../../../model/task.ts';
import type { TaskQuery } from '../../../store/store.ts';

/** What the list is narrowed to, as the address says it; an empty text: not by that. */
export interface WaitingQuery {
  readonly account: string;
  /** A TaskStatus, `open` or `closed` for each of those, or empty for what waits. */
  readonly status: string;
  readonly type: string;
  readonly zone: string;
  readonly product: string;
  readonly text: string;
  /** Where the list goes on; empty: its beginning. */
  readonly after: string;
}

export const FILTERS = ['account', 'status', 'type', 'zone', 'product'] as const;
export type Filter = (typeof FILTERS)[number];

const TEXT_MAX = 200;

/** Every status that is not over. */
export const OPEN = 'open';
/** Everything that is over, or no longer watched. */
export const CLOSED = 'closed';

/** Reads an address's query; what makes no sense is as if it were not there. */
export function readQuery(read: (name: string) => string | undefined): WaitingQuery {
  const value = (name: string): string => (read(name) ?? '').trim().slice(0, TEXT_MAX);
  const type = value('type');
  return {
    account: value('account'),
    status: statusOf(value('status')),
    type: /^\d{1,9}$/.test(type) ? type : '',
    zone: value('zone'),
    product: value('product'),
    text: value('text'),
    after: read('after') ?? '',
  };
}

function statusOf(value: string): string {
  if (value === OPEN || value === CLOSED) return value;
  return /^[1-9]\d{0,8}$/.test(value) && value !== String(PENDING) ? value : '';
}

/** The page's address with this query. */
export function pathOf(query: WaitingQuery): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  return given.length === 0 ? '/' : `/?${new URLSearchParams(given)}`;
}

export function isNarrowed(query: WaitingQuery): boolean {
  return query.text !== '' || FILTERS.some((filter) => query[filter] !== '');
}

/** Of which tasks a status is. */
export function stateOf(status: string): TaskQuery['state'] {
  if (status === '') return 'pending';
  return status === OPEN || OPEN_STATUSES.map(String).includes(status) ? 'open' : 'closed';
}

/** The same for the store. */
export function taskQuery({ account, status, type, zone, product, text }: WaitingQuery): TaskQuery {
  return {
    state: stateOf(status),
    ...(account !== '' && { accounts: [account] }),
    ...(status !== '' && status !== OPEN && status !== CLOSED && { statuses: [Number(status)] }),
    ...(type !== '' && { types: [Number(type)] }),
    ...(zone !== '' && { zones: [zone] }),
    ...(product !== '' && { products: [product] }),
    ...(text !== '' && { text }),
  };
}
