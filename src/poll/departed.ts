import { DAY_MS } from '../lib/clock.ts';
import type { BegunPoll, OpenPoll, StoredTask } from '../store/store.ts';
import { readByIds } from './by-ids.ts';
import { decideAbsence } from './diff.ts';
import { isWatched, type PollDeps, type PolledAccount, type PollReading } from './reading.ts';
import type { WalkProblem } from './walk.ts';

/** So many of an account's open tasks cannot vanish at once by nature; more likely the key reads another account now. */
const VANISHED_AT_LEAST = 5;
/**
 * So long the operator has to look. Then the tasks are told as "no longer listed", which is true whatever the reason: tasks that the API
 * has dropped for good must not keep every later poll incomplete.
 */
const VANISHED_FOR_MS = DAY_MS;
/** Ids asked alone in one poll; the others wait for the next, so that a quiet poll stays cheap whatever happens. */
const ALONE_PER_POLL = 100;

/**
 * Open tasks that a complete `live` did not show: asked by id for their new status. What does not answer even alone, in two polls in a row,
 * is "no longer listed", never "resolved".
 */
export async function readDeparted(
  account: PolledAccount,
  { poll, state }: BegunPoll,
  reading: PollReading,
  deps: PollDeps,
): Promise<WalkProblem> {
  const unseen = await deps.store.unseenTasks(poll);
  // Only what an earlier filter brought can be outside this one. What the API has shown under it is asked for, whatever its fields say now: Product
  // and Alias may be null, and which names a filter lets through is the API's affair.
  const isOurs = (stored: StoredTask): boolean => state.checkpoint !== null || isWatched(stored.task, account.config);
  const watched = unseen.filter(isOurs);
  await dropUnwatched(
    unseen.filter((stored) => !isOurs(stored)),
    poll,
    deps,
  );
  if (watched.length === 0) {
    await reading.over('tasks-vanished');
    return null;
  }
  const openCount = await deps.store.openTaskCount(poll.account);
  const byId = new Map(watched.map((stored) => [stored.task.taskId, stored]));
  const tasks = watched.map((stored) => stored.task);
  const batch = await readByIds(reading, 'departed', tasks, account.limits, 'new');
  if (batch.reason !== null) return { reason: batch.reason, failure: batch.failure };
  const vanished = Math.max(0, batch.unanswered.length - batch.nameless);
  if (vanished <= VANISHED_AT_LEAST || vanished <= openCount / 2) await reading.over('tasks-vanished');
  else if (!(await vanishedForLong(vanished, openCount, poll, reading, deps)))
    return {
      reason: `${vanished} of ${openCount} open tasks are not listed any more all at once; nothing was concluded`,
      failure: null,
    };
  for (const taskId of batch.unanswered.slice(0, ALONE_PER_POLL)) {
    const stored = byId.get(taskId);
    if (stored === undefined) continue;
    const alone = await readByIds(reading, 'departed', [stored.task], account.limits, 'new');
    if (alone.reason !== null) return { reason: alone.reason, failure: alone.failure };
    if (alone.unanswered.length > alone.nameless)
      await reading.write('departed', [taskId], (known, context) =>
        decideAbsence(known.get(taskId) ?? stored, context),
      );
  }
  return null;
}

/** Tells the operator that so many tasks vanished at once; true when they were told long enough ago to have looked. */
async function vanishedForLong(
  vanished: number,
  open: number,
  poll: OpenPoll,
  reading: PollReading,
  deps: PollDeps,
): Promise<boolean> {
  const { account } = poll;
  await reading.raise('tasks-vanished', account, { account, vanished, open });
  const episodes = await deps.store.episodes();
  const episode = episodes.find(({ code, subject }) => code === 'tasks-vanished' && subject === account);
  return episode !== undefined && deps.clock.now() - episode.since >= VANISHED_FOR_MS;
}

/** A narrower filter stops watching tasks; nothing happened to them, so nothing is told. */
async function dropUnwatched(dropped: readonly StoredTask[], poll: OpenPoll, deps: PollDeps): Promise<void> {
  if (dropped.length === 0) return;
  deps.log.info('tasks-outside-filter', { account: poll.account, poll: poll.id, tasks: dropped.length });
  const write = dropped.map(({ seenPoll: _seen, ...row }) => ({ ...row, ending: 'unwatched' as const }));
  const ids = dropped.map((stored) => stored.task.taskId);
  await deps.store.commitPage(poll, ids, () => ({ write, touch: [], changes: [], alerts: [] }));
}
