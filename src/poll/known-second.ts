import type { EpochMs } from '../lib/clock.ts';
import { dealIds } from './deal-ids.ts';
import { readOfSecond, secondWindow, seeBounds } from './second-window.ts';
import type { Page } from './task-reader.ts';
import type { Problem, WalkIo } from './walk.ts';

/** What became of a second of which tasks are stored. */
interface Recalled {
  /** Proven: it holds these tasks, as they are stored, and no other. */
  readonly whole: boolean;
  /** Those of them that answered. */
  readonly answered: readonly string[];
}

/**
 * How often every known task answers by id, in other company each time, with looks at the count before, between and after. Once is no proof: a look
 * and the answers are of different moments, so one task that goes and another that comes back between two of the requests hide a third that
 * nobody knows. To hide it from two rounds takes three such swaps, each at its one right moment, in a second that showed nothing else.
 */
const ROUNDS = 2;

/**
 * Asks for what is known of an overfull second instead of finding it anew: TotalCount must be what the last complete poll left there, and each
 * task must answer unchanged. Anything else is left to `readSecond`, which takes nothing for granted; it need not find again what answered here.
 */
export async function recallSecond(second: EpochMs, io: WalkIo): Promise<Recalled | Problem> {
  const { taskIds, quiet } = await io.known(second);
  if (taskIds.length === 0) return { whole: false, answered: [] };
  const { taskStatus: _moves, ...narrowing } = io.narrowing;
  const known = new Set(taskIds);
  let answered: readonly string[] = [];
  let same = quiet;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const looked = await look(second, known, round, io);
    if (typeof looked === 'object') return looked;
    same &&= looked === 'same';
    if (round === ROUNDS || (round > 0 && !same)) break;
    const tasks = dealIds(taskIds, round + 1).map((taskId) => ({ taskId, createTime: second }));
    const read = await io.commitByIds(tasks, narrowing);
    if (read.failure !== null) return { reason: read.failure.message, failure: read.failure };
    const missing = new Set(read.unanswered);
    answered = taskIds.filter((taskId) => !missing.has(taskId));
    same &&= read.ok && !read.changed;
    if (!same) break;
  }
  return { whole: same, answered };
}

/** Two pages, of other offsets in each round: whether they show the count of what is known, and nothing else. */
async function look(
  second: EpochMs,
  known: ReadonlySet<string>,
  round: number,
  io: WalkIo,
): Promise<'same' | 'moved' | Problem> {
  const { bounds, limits } = io;
  const { pageLimit } = limits;
  const pages = Math.max(1, Math.ceil(known.size / pageLimit));
  const first = await lookAt(second, round === 0 ? 0 : (2 * round - 1) % pages, io);
  if ('reason' in first) return first;
  const endSeen = bounds.end;
  // The first and the last page show the neighbours, where bounds belong to the window.
  const lastPage = Math.max(0, Math.ceil(first.totalCount / pageLimit) - 1);
  const other = await lookAt(second, round === 0 ? lastPage : (2 * round) % pages, io);
  if ('reason' in other) return other;
  if (bounds.end !== endSeen) return look(second, known, round, io);
  return shows(first, known) && shows(other, known) ? 'same' : 'moved';
}

/** A page of the second; asked for once more where it shows that its window can be narrower. */
async function lookAt(second: EpochMs, page: number, io: WalkIo): Promise<Page | Problem> {
  const query = { ...secondWindow(second, io), offset: page * io.limits.pageLimit };
  const shown = await readOfSecond(query, io);
  if ('reason' in shown) return shown;
  return seeBounds(shown, query, io.bounds) ? lookAt(second, page, io) : shown;
}

function shows({ totalCount, rows, bad }: Page, known: ReadonlySet<string>): boolean {
  return totalCount === known.size && bad.length === 0 && rows.every(({ taskId }) => known.has(taskId));
}
