import type { PageQuery } from '../poll/task-reader.ts';
import { formatApiTime } from './api-time.ts';

/** The body of DescribeTaskInfo in the vendor's names. An empty filter is left out: the API gives no promise what `[]` means. */
export function requestBody(query: PageQuery, utcOffsetMs: number): string {
  const time = (at: number) => formatApiTime(at, utcOffsetMs);
  return JSON.stringify({
    Limit: query.limit,
    Offset: query.offset,
    Product: query.product === '' ? undefined : query.product,
    TaskStatus: filled(query.taskStatus),
    TaskTypeIds: filled(query.taskTypeIds),
    TaskIds: filled(query.taskIds),
    InstanceIds: filled(query.instanceIds),
    Aliases: filled(query.aliases),
    StartDate: time(query.startDate),
    EndDate: query.endDate === undefined ? undefined : time(query.endDate),
    OrderField: query.orderField ?? 'CreateTime',
    Order: query.order === 'descending' ? 1 : 0,
  });
}

/** JSON leaves out what is undefined. */
function filled<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list !== undefined && list.length > 0 ? list : undefined;
}
