import { SECOND_MS } from '../../../src/lib/clock.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { Page, PageQuery, TaskReader } from '../../../src/poll/task-reader.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Subject } from './promise.ts';

/** Polls that are wrong in one thing each, and the words of the promise that they break. Made by changing what `poll` asks, hears or knows. */
export const FLAWED: Readonly<Record<string, { readonly subject: Subject; readonly breaks: RegExp }>> = {
  'asks from the cursor, not from a second before it': {
    subject: asking((query) =>
      query.taskIds === undefined ? { ...query, startDate: query.startDate + SECOND_MS } : query,
    ),
    breaks: /pending all along|does not know/,
  },
  'takes a short page for a whole one': {
    subject: hearing((page, { offset }) => ({
      ...page,
      totalCount: Math.min(page.totalCount, offset + page.rows.length + page.bad.length),
    })),
    breaks: /did not know/,
  },
  'reads an overfull second under the status filter': {
    subject: asking((query) => (query.taskIds === undefined ? { ...query, taskStatus: [1, 2, 4] } : query)),
    breaks: /does not know|did not know/,
  },
  'concludes from one absence': { subject: { poll, store: forgetful }, breaks: /no longer listed/ },
  'answers by id from memory': { subject: { poll, reader: remembering }, breaks: /nothing showed/ },
};

function asking(change: (query: PageQuery) => PageQuery): Subject {
  return { poll, reader: ({ read }) => ({ read: (query, priority, signal) => read(change(query), priority, signal) }) };
}

function hearing(change: (page: Page, query: PageQuery) => Page): Subject {
  return {
    poll,
    reader: ({ read }) => ({
      async read(query, priority, signal) {
        const answer = await read(query, priority, signal);
        return answer.ok ? { ...answer, page: change(answer.page, query) } : answer;
      },
    }),
  };
}

/** Every task that is asked for alone was absent before. */
function forgetful(store: Store): Store {
  return {
    ...store,
    commitPage: (open, taskIds, decide, progress) =>
      store.commitPage(
        open,
        taskIds,
        (known) => decide(new Map([...known].map(([id, row]) => [id, { ...row, absentPolls: 1 }]))),
        progress,
      ),
  };
}

function remembering({ read }: TaskReader): TaskReader {
  const memory = new Map<string, RepairTask>();
  return {
    async read(query, priority, signal) {
      const answer = await read(query, priority, signal);
      if (!answer.ok) return answer;
      for (const row of answer.page.rows) if (query.taskIds === undefined) memory.set(row.taskId, row);
      if (query.taskIds === undefined) return answer;
      const rows = query.taskIds.flatMap((taskId) => memory.get(taskId) ?? []);
      rows.sort((a, b) => a.createTime - b.createTime);
      return { ...answer, page: { ...answer.page, totalCount: rows.length, rows, bad: [] } };
    },
  };
}
