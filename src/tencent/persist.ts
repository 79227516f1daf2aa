import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Attempt } from './api-call.ts';
import type { ApiProblem } from './api-error.ts';

/** What a call that is tried again needs from outside. */
export interface Persistence<T> {
  /** One try, which waits for its own turn. */
  readonly attempt: () => Promise<Attempt<T>>;
  /** False: the signing time cannot be corrected. */
  readonly correctClock: () => boolean;
  /** The problem that is left where another key cannot help or cannot be had; null: there is a new key. */
  readonly renewKey: (problem: ApiProblem) => Promise<ApiProblem | null>;
  readonly onRetry: (problem: ApiProblem, tries: number) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Tries of one call; a correction of the clock or the key comes on top, once each. */
export const TRIES = 4;
const TRANSIENT = { baseMs: 300, capMs: 5_000 };
/** The API counts by the second. */
const THROTTLED = { baseMs: 1_000, capMs: 8_000 };

/** Tries until there is a value, a problem that trying cannot solve, or no try left; the last problem then. Rejects with the signal's reason. */
export async function persist<T>(work: Persistence<T>, signal: AbortSignal): Promise<Attempt<T>> {
  const corrected = { clock: false, credential: false };
  for (let tries = 1; ; ) {
    const attempt = await work.attempt();
    if (attempt.ok) return attempt;
    const { problem } = attempt;
    if (problem.class === 'throttled' || problem.class === 'transient') {
      if (tries === TRIES) return attempt;
      work.onRetry(problem, tries);
      const policy = problem.class === 'throttled' ? THROTTLED : TRANSIENT;
      await work.clock.sleep(backoffMs(tries, { ...policy, random: work.random }), signal);
      tries += 1;
    } else if (problem.class === 'clock' || problem.class === 'credential') {
      if (corrected[problem.class]) return attempt;
      corrected[problem.class] = true;
      const left = await solve(work, problem);
      if (left !== null) return { ok: false, problem: left };
      work.onRetry(problem, tries);
    } else return attempt;
  }
}

async function solve<T>(work: Persistence<T>, problem: ApiProblem): Promise<ApiProblem | null> {
  if (problem.class === 'credential') return work.renewKey(problem);
  return work.correctClock() ? null : problem;
}
