import type { SetReport } from '../../../src/model/poll.ts';
import { PENDING } from '../../../src/model/task.ts';
import type { Store } from '../../../src/store/store.ts';
import { ACCOUNT } from '../poll-kit.ts';
import type { Scene } from './scene.ts';
import type { Witness } from './witness.ts';
import { LOOKBACK_MS, type Shown, sometimes, throughout, WATCHED_PRODUCT, type World, type WorldRow } from './world.ts';

/** A poll as the property saw it. */
export interface PollSeen {
  readonly result: string;
  readonly reason: string | null;
  readonly sets: readonly SetReport[];
  /** The earliest moment that a view of this poll could show. */
  readonly from: number;
  readonly to: number;
  /** The world held still. */
  readonly calm: boolean;
  /** Tasks that came as a row that cannot be read. */
  readonly garbled: ReadonlySet<string>;
  /** The history or the audit was read beside it, and whole. */
  readonly history: boolean;
}

/** All that a verdict depends on. */
export interface Case {
  readonly scene: Scene;
  readonly world: World;
  readonly store: Store;
  readonly seen: Witness;
  readonly poll: PollSeen;
  readonly earlier: readonly PollSeen[];
  readonly checkpointBefore: number | null;
}

/** What the poll did that it must not do, in one sentence; null where it kept its promise. */
export async function judge(given: Case): Promise<string | null> {
  const open = await given.store.openTasks({ pendingOnly: true });
  const known = new Set(open.map(({ task }) => task.taskId));
  return (
    missesPending(given, known) ??
    leavesWaiting(given) ??
    writesThePast(given) ??
    tellsOtherwise(given, known) ??
    (await movesCheckpoint(given)) ??
    (await passesArrivals(given)) ??
    (await missesHistory(given)) ??
    givesUpInCalm(given)
  );
}

/** Whoever was pending in every view is known, or the poll says that it could not. */
function missesPending({ world, scene, poll }: Case, known: ReadonlySet<string>): string | null {
  if (poll.result !== 'complete') return poll.reason === null ? 'It was not complete, and gave no reason.' : null;
  const asPending = (shown: Shown): boolean => pending(shown) && inFilter(shown, scene);
  const due = world.rows.filter((row) => throughout(row, poll.from, poll.to, asPending));
  const missed = due.filter(({ taskId }) => !known.has(taskId));
  const unread = missed.filter(({ taskId }) => poll.garbled.has(taskId));
  if (unread.length > 0 && poll.sets.every(({ setAside }) => setAside === 0))
    return `It was complete without ${ids(unread)}, whose rows could not be read, and counted no row as set aside.`;
  const lost = missed.filter((row) => !unread.includes(row));
  return lost.length > 0 ? `It was complete and did not know ${ids(lost)}, pending all along.` : null;
}

/** Nobody is told as left who was pending all along; "no longer listed" takes two polls that could not see the task. */
function leavesWaiting({ world, seen, poll, earlier }: Case): string | null {
  for (const { taskId, how } of seen.toldLeft) {
    const row = rowOf(world, taskId);
    if (throughout(row, poll.from, poll.to, pending))
      return `It told that ${taskId} left (${how}), which was pending all along.`;
    if (how !== 'unlisted') continue;
    const absent = [...earlier, poll].filter(({ from, to }) => sometimes(row, from, to, (shown) => !shown.listed));
    if (absent.length < 2)
      return `It told that ${taskId} is no longer listed, which only ${absent.length} polls could have seen.`;
  }
  return null;
}

/** What is stored was shown in the time of this poll. */
function writesThePast({ world, seen, poll }: Case): string | null {
  for (const { at, row } of seen.written) {
    if (row.ending === 'unwatched' || row.absentPolls > 0) continue;
    const { taskId, taskStatus } = row.task;
    const shown = sometimes(
      rowOf(world, taskId),
      poll.from,
      at,
      ({ listed, task }) => listed && task.taskStatus === taskStatus,
    );
    if (!shown) return `It stored status ${taskStatus} of ${taskId}, which nothing showed in its time.`;
  }
  return null;
}

function tellsOtherwise({ seen }: Case, known: ReadonlySet<string>): string | null {
  const untold = [...known].filter((taskId) => !seen.toldPending.has(taskId));
  if (untold.length > 0) return `It stored ${untold.join(', ')} as pending and told nobody.`;
  const stale = [...seen.toldPending].filter((taskId) => !known.has(taskId));
  return stale.length > 0 ? `${stale.join(', ')} stopped being pending in the store, and nobody was told.` : null;
}

async function movesCheckpoint({ store, poll, checkpointBefore }: Case): Promise<string | null> {
  const checkpoint = (await store.accounts())[0]?.checkpoint ?? null;
  if (poll.result !== 'complete' && checkpoint !== checkpointBefore)
    return 'It was not complete and moved the checkpoint.';
  if (checkpointBefore !== null && (checkpoint ?? 0) < checkpointBefore) return 'The checkpoint went back.';
  return null;
}

/**
 * Whatever appeared since the first complete poll began, and stayed, is known after a complete poll, whatever its status: rows appear later than
 * their CreateTime, and the checkpoint has not passed them. But for what it has left to the background, until that was read.
 */
export async function passesArrivals({ world, store, scene, poll, earlier }: Case): Promise<string | null> {
  const first = earlier.find(({ result }) => result === 'complete');
  if (poll.result !== 'complete' || first === undefined || scene.zoneMs !== 0) return null;
  const unread = (taskId: string): boolean => [...earlier, poll].some(({ garbled }) => garbled.has(taskId));
  const left = await store.backfillRanges(ACCOUNT.name);
  for (const row of world.rows) {
    if (row.appearedAt < first.to || row.appearedAt > poll.from || unread(row.taskId)) continue;
    if (left.some(({ cursor, until }) => row.createTime >= cursor && row.createTime < (until ?? row.createTime + 1)))
      continue;
    if (!throughout(row, row.appearedAt, poll.to, (shown) => shown.listed && inFilter(shown, scene))) continue;
    const known = await store.task(row.taskId);
    if (known.length === 0)
      return `It was complete and does not know ${row.taskId}, which appeared ${row.appearedAt - row.createTime} ms after its CreateTime.`;
  }
  return null;
}

/** Whatever was listed all along since the history was begun is known once it was read whole, if it is not older than the lookback. */
async function missesHistory({ world, store, scene, poll, earlier }: Case): Promise<string | null> {
  if (!poll.history) return null;
  const [account] = await store.accounts();
  const begun = earlier.find(({ result }) => result === 'complete')?.from ?? poll.from;
  for (const row of world.rows) {
    const createTime = row.createTime - scene.zoneMs;
    if (createTime < poll.to - LOOKBACK_MS || createTime >= (account?.backfillUntil ?? 0)) continue;
    if ([...earlier, poll].some(({ garbled }) => garbled.has(row.taskId))) continue;
    if (!throughout(row, begun, poll.to, (shown) => shown.listed && inFilter(shown, scene))) continue;
    if ((await store.task(row.taskId)).length === 0) return `The history was read whole, without ${row.taskId}.`;
  }
  return null;
}

/** Where nothing moves and nothing fails, a poll goes through. */
function givesUpInCalm({ poll }: Case): string | null {
  if (!poll.calm || poll.result === 'complete' || poll.reason?.includes('not listed any more all at once')) return null;
  return `It gave up in a world that held still: ${poll.reason}`;
}

function pending({ listed, task }: Shown): boolean {
  return listed && task.taskStatus === PENDING;
}

function inFilter({ task }: Shown, { narrowed }: Scene): boolean {
  return !narrowed || task.product === WATCHED_PRODUCT;
}

function rowOf(world: World, taskId: string): WorldRow {
  const row = world.rows.find((row) => row.taskId === taskId);
  if (row === undefined) throw new Error(`No task ${taskId} in the world.`);
  return row;
}

function ids(rows: readonly WorldRow[]): string {
  return rows.map(({ taskId }) => taskId).join(', ');
}
