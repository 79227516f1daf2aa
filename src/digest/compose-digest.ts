import type { EpochMs } from '../lib/clock.ts';
import type { TaskEntry, TaskEvent } from '../model/alert.ts';
import { byListOrder } from '../model/list-order.ts';
import type { AccountReading, DigestFacts, DigestList, LaterStep } from '../model/message.ts';
import { silencesByTask } from '../model/silence.ts';
import { listedFacts, mayLoseData, PENDING, type RepairTask } from '../model/task.ts';
import type { AccountState, DigestInput, StoredTask } from '../store/store.ts';
import type { IntervalOf } from '../watch/poll-intervals.ts';

/** After so many missed intervals an account counts as not read. */
export const STALE_AFTER_INTERVALS = 3;

export interface DigestOccasion {
  readonly name: string;
  readonly scheduledAt: EpochMs;
  readonly now: EpochMs;
  /** From here on a digest counts as late, in milliseconds after its time. */
  readonly lateAfterMs: number;
  /** Since when this process runs: what was due before is late; absent where a timer starts a process for each look. */
  readonly runningSince?: EpochMs;
  readonly intervalOf: IntervalOf;
}

/** What goes into a digest, and in which order: what may lose data first, then what starts soonest. Pure. */
export function composeDigest(input: DigestInput, occasion: DigestOccasion): DigestFacts {
  const { name, scheduledAt, now, lateAfterMs, runningSince = scheduledAt, intervalOf } = occasion;
  const byTask = gatherByTask(input);
  const having = (event: TaskEvent['event']): TaskEntry[] =>
    byTask.filter(({ events }) => events.some((told) => told.event === event)).sort(byListOrder(now));
  const lists = {
    pending: pendingEntries(input, now),
    fresh: having('pending'),
    changed: having('changed'),
    left: having('left'),
    later: laterSteps(input),
  };
  return {
    kind: 'digest',
    name,
    madeAt: now,
    scheduledAt,
    coversFrom: input.coversFrom,
    late: scheduledAt < runningSince || now - scheduledAt > lateAfterMs,
    ...fitting(lists),
    accounts: input.accounts.map((state) => readingOf(state, now, intervalOf)),
    deadMessages: input.deadMessages,
  };
}

/** When an account was read, and whether that is recent enough to say what is pending in it; of a blocked one nothing is. */
export function readingOf(state: AccountState, now: EpochMs, intervalOf: IntervalOf): AccountReading {
  const { account, lastCompleteAt, blocked } = state;
  // A reading far in the future was made before the clock was set back: it says nothing of how long ago it was.
  const isRecent =
    lastCompleteAt !== null && Math.abs(now - lastCompleteAt) <= STALE_AFTER_INTERVALS * intervalOf(account);
  const known = isRecent && !blocked;
  return { account, lastCompleteAt, known };
}

/** Each with who has taken it on and what keeps it silent. */
function pendingEntries({ pending, silences }: DigestInput, now: EpochMs): TaskEntry[] {
  const silenceOf = silencesByTask(silences);
  const entries = pending.map(({ account, task, revision }) => {
    const silence = silenceOf(account, task, revision);
    const held = silence.ack !== null || silence.mute !== null;
    return { account, task, events: [], ...(held && { silence }) };
  });
  return entries.sort(byListOrder(now));
}

type Lists = Pick<DigestFacts, DigestList>;

/** More tasks in one list than this are counted; those that may lose data are all listed, and stand first. */
const LISTED_AT_MOST = 2_000;

function fitting(lists: Lists): Lists & Pick<DigestFacts, 'more'> {
  const shorten = <T extends { readonly task: RepairTask }>(list: readonly T[]): T[] => {
    const risky = list.filter(({ task }) => mayLoseData(task)).length;
    return list.slice(0, Math.max(LISTED_AT_MOST, risky)).map((entry) => ({ ...entry, task: listedFacts(entry.task) }));
  };
  const fitted = {
    pending: shorten(lists.pending),
    fresh: shorten(lists.fresh),
    changed: shorten(lists.changed),
    left: shorten(lists.left),
    later: shorten(lists.later),
  };
  const left = (list: DigestList): number => lists[list].length - fitted[list].length;
  const more = {
    pending: left('pending'),
    fresh: left('fresh'),
    changed: left('changed'),
    left: left('left'),
    later: left('later'),
  };
  return Object.values(more).some((count) => count > 0) ? { ...fitted, more } : fitted;
}

function gatherByTask(input: DigestInput): TaskEntry[] {
  const entries = new Map<string, { stored: StoredTask; events: TaskEvent[] }>();
  for (const { change, stored } of input.changes) {
    if (change.event === null) continue;
    const key = JSON.stringify([stored.account, stored.task.taskId]);
    const entry = entries.get(key) ?? { stored, events: [] };
    entry.events.push(change.event);
    entries.set(key, entry);
  }
  return [...entries.values()].map(({ stored, events }) => ({ account: stored.account, task: stored.task, events }));
}

function laterSteps(input: DigestInput): LaterStep[] {
  return input.changes
    .filter(({ change }) => change.event === null && change.from !== PENDING)
    .map(({ change, stored }) => ({
      account: stored.account,
      task: stored.task,
      at: change.at,
      from: change.from,
      to: change.to,
    }));
}
