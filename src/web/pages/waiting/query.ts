import { OPEN_STATUSES, PENDING } from '../../../model/task.ts';
import type { TaskQuery } from '../../../store/store.ts';

/** What the list is narrowed to, as the address says it; an empty text: not by that. */
export interface WaitingQuery {
  readonly account: string;
  /** A TaskStatus, `open` for each of them, or empty for what waits. */
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

/** Reads an address's query; what makes no sense is as if it were not there. */
export function readQuery(read: (name: string) => string | undefined): WaitingQuery {
  const value = (name: string): string => (read(name) ?? '').trim().slice(0, TEXT_MAX);
  const status = value('status');
  const type = value('type');
  return {
    account: value('account'),
    status: status === OPEN || (OPEN_STATUSES.map(String).includes(status) && status !== String(PENDING)) ? status : '',
    type: /^\d{1,9}$/.test(type) ? type : '',
    zone: value('zone'),
    product: value('product'),
    text: value('text'),
    after: read('after') ?? '',
  };
}

/** The page's address with this query. */
export function pathOf(query: WaitingQuery): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  return given.length === 0 ? '/' : `/?${new URLSearchParams(given)}`;
}

export function isNarrowed(query: WaitingQuery): boolean {
  return query.text !== '' || FILTERS.some((filter) => query[filter] !== '');
}

/** The same for the store; the text is looked for afterwards. */
export function taskQuery({ account, status, type, zone, product }: WaitingQuery): TaskQuery {
  return {
    state: status === '' ? 'pending' : 'open',
    ...(account !== '' && { accounts: [account] }),
    ...(status !== '' && status !== OPEN && { statuses: [Number(status)] }),
    ...(type !== '' && { types: [Number(type)] }),
    ...(zone !== '' && { zones: [zone] }),
    ...(product !== '' && { products: [product] }),
  };
}
