import { OPEN_STATUSES } from '../../model/task.ts';
import { PRODUCTS } from '../../model/vocabulary.ts';
import type { TaskQuery } from '../../store/store.ts';
import { type Asked, AskedWrongly } from './asked.ts';

export const TASK_PARAMETERS = ['state', 'account', 'status', 'type', 'zone', 'product', 'text', 'limit', 'after'];

/** Which tasks a request asks for; a status says by itself whether it is of open or of closed tasks. */
export function taskListAsked(asked: Asked, accounts: readonly string[]): TaskQuery {
  const statuses = asked.numbers('status');
  const states = new Set(statuses.map((status) => (OPEN_STATUSES.includes(status) ? 'open' : 'closed')));
  if (states.size > 1)
    throw new AskedWrongly(
      'status has both open (1, 2, 4) and closed ones (3, 5, 6); ask for them one after the other.',
    );
  const [ofStatuses] = states;
  const state = asked.word('state', ['pending', 'open', 'closed'], ofStatuses ?? 'pending');
  return {
    state,
    accounts: asked.names('account', accounts),
    statuses,
    types: asked.numbers('type'),
    zones: asked.list('zone'),
    products: asked.names('product', Object.keys(PRODUCTS)),
    text: asked.search('text'),
  };
}
