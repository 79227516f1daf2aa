import { OPEN_STATUSES } from '../../../src/model/task.ts';
import { judgePage } from '../../../src/poll/judge-page.ts';
import { openReading, type PollDeps, type PolledAccount, type PollReading } from '../../../src/poll/reading.ts';
import type { WalkProblem } from '../../../src/poll/walk.ts';
import type { Subject } from './promise.ts';

/** What everybody's script does: page after page by offset, whole where the distinct ids equal TotalCount. */
export const BY_OFFSET: Subject = {
  async poll(account, deps, signal) {
    const begun = await deps.store.beginPoll(account.config.name, 'poll', deps.clock.now());
    const reading = openReading(account, begun, deps, signal);
    const set = await reading.set('live', () => readPages(account, reading, deps));
    const { complete, reason } = set;
    const result = complete ? 'complete' : 'incomplete';
    await reading.end({ result, reason, checkpoint: null });
    return { result, reason, sets: [set] };
  },
};

async function readPages(account: PolledAccount, reading: PollReading, deps: PollDeps): Promise<WalkProblem> {
  const limit = account.limits.pageLimit;
  const query = { ...reading.narrowing, limit, startDate: deps.poll.sinceMs, taskStatus: OPEN_STATUSES };
  const seen = new Set<string>();
  for (let offset = 0; ; offset += limit) {
    const answer = await reading.read({ ...query, offset }, 'live');
    if (!answer.ok) return { reason: answer.failure.message, failure: answer.failure };
    const { page } = answer;
    const problem = judgePage(page, { offset, limit });
    if (problem !== null) return { reason: problem, failure: null };
    await reading.commit('live', page);
    for (const { taskId } of page.rows) seen.add(taskId);
    if (page.rows.length + page.bad.length === limit) continue;
    return seen.size === page.totalCount ? null : { reason: `${seen.size} of ${page.totalCount} rows`, failure: null };
  }
}
