import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { VendorRow } from './row.ts';
import type { World } from './world.ts';

/** One thing that happens to a task, `at` seconds after the play begins (0 or less: before anyone looks). */
export interface ScenarioStep {
  readonly at: number;
  readonly do: 'add' | 'set' | 'remove' | 'restore';
  readonly taskId: string;
  /**
   * Fields by the vendor's names. CreateTime, AuthTime and EndTime may be relative to the moment of the step: `now`, `-200d`, `+5h30m`, `-90s`.
   */
  readonly row?: Partial<VendorRow>;
}

export type Scenario = readonly ScenarioStep[];

export interface PlayOptions {
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly onStep?: (step: ScenarioStep) => void;
}

/** Plays the steps in their order of time on that world; rejects with the signal's reason when it is aborted first. */
export async function playScenario(
  world: World,
  scenario: Scenario,
  clock: Clock,
  { signal = new AbortController().signal, onStep }: PlayOptions = {},
): Promise<void> {
  const begun = clock.monotonic();
  for (const step of scenario.toSorted((a, b) => a.at - b.at)) {
    const wait = begun + step.at * SECOND_MS - clock.monotonic();
    if (wait > 0) await clock.sleep(wait, signal);
    signal.throwIfAborted();
    act(world, step, clock);
    onStep?.(step);
  }
}

function act(world: World, step: ScenarioStep, clock: Clock): void {
  const row = withTimes(step.row ?? {}, (shift) => world.time(clock.now() + shift));
  if (step.do === 'add') world.add({ ...row, TaskId: step.taskId });
  else if (step.do === 'set') world.set(step.taskId, row);
  else world[step.do](step.taskId);
}

const TIME_FIELDS = ['CreateTime', 'AuthTime', 'EndTime'] as const;

function withTimes(row: Partial<VendorRow>, time: (shiftMs: number) => string): Partial<VendorRow> {
  const times = TIME_FIELDS.flatMap((field) => {
    const shift = shiftOf(row[field]);
    return shift === null ? [] : [[field, time(shift)] as const];
  });
  return { ...row, ...Object.fromEntries(times) };
}

const UNIT_MS: Readonly<Record<string, number>> = { d: DAY_MS, h: HOUR_MS, m: MINUTE_MS, s: SECOND_MS };

/** Milliseconds of a relative time such as `-1d12h`; null for anything else. */
export function shiftOf(text: string | null | undefined): number | null {
  if (text === 'now') return 0;
  if (typeof text !== 'string' || !/^[+-](\d+[dhms])+$/.test(text)) return null;
  const parts = [...text.matchAll(/(\d+)([dhms])/g)];
  const size = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
  return text.startsWith('-') ? -size : size;
}
