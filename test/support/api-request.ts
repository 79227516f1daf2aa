import type { ApiRequest } from '../../bench/chaos/journal.ts';

/** A request of the first process of the chaos for what is pending, not answered; amid a poll, unless told otherwise. */
export function apiRequest(fields: Partial<ApiRequest> & Pick<ApiRequest, 'at'>): ApiRequest {
  return {
    life: 1,
    account: 'prod',
    key: '',
    body: '',
    set: 'live',
    beginsPoll: false,
    taskIds: [],
    answer: null,
    ...fields,
  };
}
