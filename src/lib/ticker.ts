import { type Clock, type EpochMs, SECOND_MS } from './clock.ts';

/** A tick that came late: the process was asleep, stopped or busy, or its clock was set forward. Those after it that passed, too, are left out. */
export interface LateTick {
  readonly dueAt: EpochMs;
  readonly lateMs: number;
}

export interface Ticker {
  /** Ends the wait; nothing is called any more. */
  stop(): Promise<void>;
}

/** The wall clock may be set at any time, which no timer notices: it is looked at this often. */
const LOOK_EVERY_MS = 15 * SECOND_MS;
/** Clocks are corrected by a little all the time; set back by more than this, the next tick is looked for anew. */
const SET_BACK_MS = 10 * SECOND_MS;
const LATE_MS = SECOND_MS;

/**
 * Calls `run` at each tick, once however many passed since the last look. `nextTick` is the first one after now: those that were missed are not
 * walked, so that a clock that is set forward by years costs what one tick does; and one that is set back silences nothing.
 */
export function startTicker(
  nextTick: () => EpochMs,
  clock: Pick<Clock, 'now' | 'sleep'>,
  run: () => void,
  onLate: (late: LateTick) => void,
): Ticker {
  const over = new AbortController();
  const { signal } = over;

  async function tickUntilStopped(): Promise<void> {
    let plannedAt = clock.now();
    let dueAt = nextTick();
    for (;;) {
      const waitMs = Math.min(Math.max(0, dueAt - clock.now()), LOOK_EVERY_MS);
      await clock.sleep(waitMs, signal).catch(() => undefined); // stopped: the loop ends
      if (signal.aborted) return;
      const now = clock.now();
      const lateMs = now - dueAt;
      if (lateMs < 0 && now > plannedAt - SET_BACK_MS) continue;
      const late = { dueAt, lateMs };
      // First the next tick, then the run: what passes between the two looks at the clock is part of this run.
      [plannedAt, dueAt] = [now, nextTick()];
      if (lateMs < 0) continue;
      if (lateMs > LATE_MS) onLate(late);
      run();
    }
  }

  const running = tickUntilStopped();
  return {
    async stop() {
      over.abort();
      await running;
    },
  };
}
