import { type Clock, systemClock } from './clock.ts';

export interface CloseFailure {
  /** The name that the closer was pushed with. */
  readonly name: string;
  readonly error: unknown;
}

export interface Closers {
  /** Remembers how to close what was just opened. After `closeAll` has begun it is closed at once. */
  push(name: string, close: () => void | Promise<void>): void;
  /** Closes the newest first, each once; never throws. Says every failure so far, also to a second caller. */
  closeAll(): Promise<readonly CloseFailure[]>;
}

/** A program that must end within 8 seconds cannot wait longer for one part of it. */
const DEFAULT_TIMEOUT_MS = 3_000;

/**
 * What was opened, to be closed in reverse: a closer that fails, or takes longer than `timeoutMs`, is reported and never stops the rest.
 */
export function createClosers(options: { readonly clock?: Clock; readonly timeoutMs?: number } = {}): Closers {
  const { clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const open: { readonly name: string; readonly close: () => void | Promise<void> }[] = [];
  const failures: CloseFailure[] = [];
  let closing: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      try {
        await within(timeoutMs, clock, next.close);
      } catch (error) {
        failures.push({ name: next.name, error });
      }
    }
  };
  const closeAll = async (): Promise<readonly CloseFailure[]> => {
    closing = closing === null ? drain() : closing.then(drain);
    await closing;
    return failures;
  };

  return {
    push(name, close) {
      open.push({ name, close });
      // Not awaited: `closeAll` never rejects, and whoever calls it again waits for this one too.
      if (closing !== null) void closeAll();
    },
    closeAll,
  };
}

/** Rejects when the work fails or is not done in time; the late work itself cannot be stopped. */
async function within(timeoutMs: number, clock: Clock, work: () => void | Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = clock.sleep(timeoutMs, done.signal).then(
    () => Promise.reject(new Error(`not closed within ${timeoutMs} ms`)),
    () => undefined, // the work won
  );
  try {
    await Promise.race([Promise.resolve().then(work), late]);
  } finally {
    done.abort();
  }
}
