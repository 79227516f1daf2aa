import { type EpochMs, wholeSecond } from '../lib/clock.ts';
import type { PollResult, SetName, SetReport } from '../model/poll.ts';
import { OPEN_STATUSES } from '../model/task.ts';
import type { AccountState, BegunPoll } from '../store/store.ts';
import { limitsOfReading } from './api-limits.ts';
import { readByIds } from './by-ids.ts';
import { readDeparted } from './departed.ts';
import { isBackground } from './diff.ts';
import { leftToHistory } from './left-to-history.ts';
import { type History, missingHistory } from './missing-history.ts';
import { openReading, type PollDeps, type PolledAccount, type PollReading } from './reading.ts';
import { endQuietSigns, tellSigns } from './signs.ts';
import type { ReadFailure } from './task-reader.ts';
import { type Narrowing, type Range, type WalkIo, type WalkProblem, walk } from './walk.ts';

export interface PollSummary {
  readonly poll: number;
  readonly account: string;
  readonly result: PollResult;
  readonly reason: string | null;
  readonly failure: ReadFailure | null;
  readonly sets: readonly SetReport[];
  readonly tookMs: number;
  /** What is stored as pending or under way after the poll. */
  readonly open: number;
}

/**
 * One poll of one account, from its beginning in the ledger to its end. Every proven page is committed as it comes; what is pending is
 * read first and told before anything else; absence is concluded only from a complete reading.
 */
export async function poll(polled: PolledAccount, deps: PollDeps, signal: AbortSignal): Promise<PollSummary> {
  const account = { ...polled, limits: limitsOfReading(polled.limits, 'poll') };
  const { store, clock } = deps;
  const startedAt = clock.monotonic();
  const begun = await store.beginPoll(account.config.name, 'poll', clock.now());
  const { poll, state } = begun;
  const reading = openReading(account, begun, deps, signal);
  account.limits.taskIdsMax = Math.min(account.limits.taskIdsMax, state.taskIdsMax);
  const sets = reading.reports;
  try {
    const { complete: liveWhole } = await readLive(account, reading, deps, signal);
    if (liveWhole) {
      await store.finishLive(poll, clock.now());
      deps.wake();
    }
    const { complete: newWhole, left } = await readNew(account, begun, reading, deps, signal);
    const departedWhole =
      liveWhole && (await reading.set('departed', () => readDeparted(account, begun, reading, deps))).complete;
    await tellOperator(account, reading, liveWhole);
    const offsetMs = account.reader.clockOffsetMs();
    if (liveWhole && offsetMs !== null) deps.hostClock?.saw(poll.account, offsetMs);
    await tellSigns(account, reading);
    const whole = liveWhole && newWhole && departedWhole;
    // So that the next row that cannot be read is told again. Not during the backfill, whose rows no poll shows.
    if (whole && state.backfillDone && sets.every(({ setAside }) => setAside === 0))
      await reading.over('rows-set-aside');
    if (whole) await endQuietSigns(begun, reading, deps);
    return await endPoll(whole ? 'complete' : 'incomplete', left);
  } catch (error) {
    await reading.interrupted();
    throw error;
  }

  async function endPoll(result: Exclude<PollResult, 'interrupted'>, left: History | null): Promise<PollSummary> {
    const reason = sets.find((set) => !set.complete)?.reason ?? null;
    const whole = result === 'complete';
    const checkpoint = whole ? nextCheckpoint(reading, state) : null;
    await reading.end({ result, reason, checkpoint, ...(whole && left !== null && { left }) });
    if (result === 'complete') await beginBackfill(state, reading, deps);
    return {
      poll: poll.id,
      account: poll.account,
      result,
      reason,
      failure: reading.seen.failure,
      sets,
      tookMs: Math.round(clock.monotonic() - startedAt),
      open: await store.openTaskCount(poll.account),
    };
  }
}

/** Everything that waits or is under way, whatever its age. */
function readLive(
  account: PolledAccount,
  reading: PollReading,
  deps: PollDeps,
  signal: AbortSignal,
): Promise<SetReport> {
  const range = { id: 1, cursor: deps.poll.sinceMs, until: null };
  return readWalk('live', () => range, { ...reading.narrowing, taskStatus: OPEN_STATUSES }, account, reading, signal);
}

/**
 * Every task created since shortly before the checkpoint, whatever its status; what was created before the first poll is the backfill's, since
 * the only task that was seen may be years old. What long downtime has piled up is left to it, too.
 */
async function readNew(
  account: PolledAccount,
  begun: BegunPoll,
  reading: PollReading,
  deps: PollDeps,
  signal: AbortSignal,
): Promise<{ readonly complete: boolean; readonly left: History | null }> {
  const { checkpoint, backfillUntil } = begun.state;
  let left: History | null = null;
  const range = async (): Promise<Range> => {
    const now = reading.seen.startedAt ?? reading.serverNow();
    const isFirst = checkpoint === null && backfillUntil === null;
    const since = isFirst ? now : Math.max(checkpoint ?? 0, backfillUntil ?? 0);
    const cursor = wholeSecond(since - deps.poll.overlapMs);
    const piledUp = { from: cursor, until: wholeSecond(now - deps.poll.overlapMs) };
    left = await leftToHistory(piledUp, begun, reading, account.limits);
    return { id: 1, cursor: left?.until ?? cursor, until: null };
  };
  const { complete } = await readWalk('new', range, reading.narrowing, account, reading, signal);
  return { complete, left };
}

/** The sets that are read by walking. */
type WalkedSet = 'live' | 'new' | 'backfill' | 'audit';

/** Walks one set whose range nobody goes on with after a stop; tasks that were seen in two states are asked for once more. */
export function readWalk(
  set: 'live' | 'new' | 'audit',
  range: () => Range | Promise<Range>,
  narrowing: Narrowing,
  account: PolledAccount,
  reading: PollReading,
  signal: AbortSignal,
): Promise<SetReport> {
  let ranges = 1;
  const io = walkIo(set, narrowing, account, reading, signal);
  const split: WalkIo['split'] = async (cut, at) => {
    ranges += 1;
    const rest = { id: ranges, cursor: at, until: cut.until };
    cut.until = at;
    return rest;
  };
  return reading.set(set, async () => {
    const problem = await walk([await range()], { ...io, split });
    // An API that does not answer is not asked once more.
    if (problem?.failure) return problem;
    const again = await recheck(account, reading, set);
    return problem ?? again;
  });
}

export function walkIo(
  set: WalkedSet,
  narrowing: Narrowing,
  account: PolledAccount,
  reading: PollReading,
  signal: AbortSignal,
): Omit<WalkIo, 'split'> {
  return {
    narrowing,
    limits: account.limits,
    // What a background reading finds is its own, see `limitsOfReading`.
    learnt: isBackground(set) ? () => undefined : reading.learnt,
    signal,
    serverNow: reading.serverNow,
    read: (query) => reading.read(query, set),
    async commit(page, range, cursor) {
      await reading.commit(set, page, set === 'backfill' ? { range: range.id, cursor } : undefined);
    },
    // It leaves what the polls know, so it cannot say that nothing has changed.
    known: async (second) => ({ ...(await reading.known(second)), ...(isBackground(set) && { quiet: false }) }),
    bounds: reading.bounds,
    wholeSeconds: reading.wholeSeconds,
    async commitByIds(tasks, within) {
      const answer = await readByIds(reading, againAs(set), tasks, account.limits, set, within);
      const { unanswered, changed, reason, failure } = answer;
      return { ok: unanswered.length === 0 && reason === null, changed, unanswered, failure };
    },
    setAside: reading.setAside,
    // What a poll has seen is counted by what it writes and touches; a background reading leaves most of it alone.
    proved: isBackground(set) ? reading.proved : () => undefined,
  };
}

/** Tasks that were seen in two states within this reading are asked for once more; that answer counts. */
export async function recheck(account: PolledAccount, reading: PollReading, set: WalkedSet): Promise<WalkProblem> {
  const { contradicted } = reading.seen;
  if (contradicted.size === 0) return null;
  const tasks = [...contradicted].map(([taskId, createTime]) => ({ taskId, createTime }));
  const answer = await readByIds(reading, againAs(set), tasks, account.limits, set);
  contradicted.clear();
  return answer.reason === null ? null : { reason: answer.reason, failure: answer.failure };
}

/** As which set a task is read that is asked for once more: its answer counts, but a background reading decides no more than before. */
function againAs(set: WalkedSet): SetName {
  return isBackground(set) ? set : 'recheck';
}

/** min(greatest CreateTime seen, the server's time at the start): an empty answer does not move it, and it never goes back. */
function nextCheckpoint(reading: PollReading, state: AccountState): EpochMs | null {
  const { greatest, startedAt } = reading.seen;
  if (greatest === null || startedAt === null) return null;
  return Math.max(state.checkpoint ?? 0, wholeSecond(Math.min(greatest.createTime, startedAt)));
}

async function beginBackfill(state: AccountState, reading: PollReading, deps: PollDeps): Promise<void> {
  const now = wholeSecond(reading.seen.startedAt ?? deps.clock.now());
  const missing = missingHistory(state, deps.poll.lookbackMs, now);
  if (missing !== null) await deps.store.startBackfill(state.account, missing.from, missing.until);
}

/** Says once that an account may not be read, and once that it can be again. */
async function tellOperator(account: PolledAccount, reading: PollReading, liveWhole: boolean): Promise<void> {
  const { name } = account.config;
  const failure = reading.seen.failure;
  if (failure?.kind === 'blocked') {
    await reading.raise('account-blocked', name, { account: name, code: failure.code, message: failure.message });
    return;
  }
  if (!liveWhole) return;
  await reading.over('account-blocked');
}
