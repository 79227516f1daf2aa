import { DAY_MS, type EpochMs, MINUTE_MS } from '../lib/clock.ts';
import type { OperatorCode } from '../model/alert.ts';
import type { RepairTask } from '../model/task.ts';
import type { BegunPoll, Episode } from '../store/store.ts';
import type { PollDeps, PolledAccount, PollReading } from './reading.ts';

/** Seconds of CreateTime that were proven before a reading began. */
export interface ProvenSeconds {
  readonly from: EpochMs;
  readonly before: EpochMs;
}

/**
 * What the backfill and the complete polls have proven, without the overlap, in which rows may still come. null while the history is not read:
 * then a first sight of an old task says nothing. A lookback that grew counts once its older part is read.
 */
export function provenSeconds(
  { state, provenUntil }: BegunPoll,
  poll: PollDeps['poll'],
  now: EpochMs,
): ProvenSeconds | null {
  if (state.provenFrom === null || provenUntil === null) return null;
  const from = Math.max(state.provenFrom, now - poll.lookbackMs);
  return { from, before: Math.min(provenUntil, now) - poll.overlapMs };
}

/** True for a task that, seen for the first time now, came into the API late, was missed, or has a wrong time. */
export function isLate({ createTime }: Pick<RepairTask, 'createTime'>, proven: ProvenSeconds | null): boolean {
  return proven !== null && createTime >= proven.from && createTime < proven.before;
}

/** Clocks differ by a little; a task from further in the future is a sign of a wrong offset. */
const FUTURE_TOLERANCE_MS = 10 * MINUTE_MS;

/** A poll's signs of a wrong offset, told by what it has seen. */
export async function tellSigns({ config }: PolledAccount, reading: PollReading): Promise<void> {
  const account = config.name;
  const { greatest, late } = reading.seen;
  const offsetMs = (greatest?.createTime ?? 0) - reading.serverNow();
  if (greatest !== null && offsetMs > FUTURE_TOLERANCE_MS) {
    const facts = { account, taskId: greatest.taskId, kind: 'future', offsetMs };
    await reading.raise('late-task', `${account} future`, facts);
  }
  // A customer who renames an instance moves old tasks into such a filter.
  if (late !== null && config.filter.aliases.length === 0)
    await reading.raise('late-task', `${account} proven-second`, {
      account,
      taskId: late.taskId,
      kind: 'proven-second',
    });
}

/** What is raised by single sights of something odd, and so has no end of its own. */
const SIGNS: readonly OperatorCode[] = ['late-task', 'unknown-value', 'unrouted'];
/** Longer than a day, so that an audit lies in between, which shows again what polls show no more. The catalogues say "two days". */
const QUIET_MS = 2 * DAY_MS;

/** After a complete poll: ends the account's signs that were not seen for long. */
export async function endQuietSigns(begun: BegunPoll, reading: PollReading, { store, clock }: PollDeps): Promise<void> {
  const isQuiet = ({ code, lastAt }: Episode): boolean => SIGNS.includes(code) && clock.now() - lastAt >= QUIET_MS;
  const subjects = new Set(begun.episodes.filter(isQuiet).map(({ subject }) => subject));
  if (subjects.size === 0) return;
  // Read anew: a background reading may have seen it since.
  for (const episode of await store.episodes())
    if (subjects.has(episode.subject) && isQuiet(episode)) await reading.over(episode.code, episode.subject);
}
