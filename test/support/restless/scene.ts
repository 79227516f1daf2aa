import fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '../../../src/lib/clock.ts';

/** One case: a world, how its API reads what the vendor leaves open, and what goes wrong. Everything else follows from `seed`. */
export interface Scene {
  readonly seed: number;
  readonly startInclusive: boolean;
  readonly endInclusive: boolean;
  /** Rows of a page. */
  readonly pageLimit: number;
  /** No answer has more rows, whatever is asked for. */
  readonly clamp: number;
  readonly taskIdsMax: number;
  /** The widest window; wider is refused. */
  readonly spanMs: number;
  /** Each answer shows the world as it was up to so long ago, drawn anew. */
  readonly lagMs: number;
  /** By how much the account's utcOffset is ahead of the API's. */
  readonly zoneMs: number;
  /** The rows of one second: in another order for each answer, or always in the same. */
  readonly ties: 'shuffled' | 'steady';
  /** TotalCount is counted at another moment than the rows are read. */
  readonly countApart: boolean;
  /** Rows at the beginning: whole pages, and some more. */
  readonly pages: number;
  readonly more: number;
  /** The seconds in which most rows were created; 1: all in one. */
  readonly seconds: number;
  /** Changes for each thing that happens on the wire. */
  readonly restless: number;
  /** Only tasks of one product are read, and products change. */
  readonly narrowed: boolean;
  /** Shares of answers that fail, that are no true page, and of rows that cannot be read. */
  readonly failing: number;
  readonly faulty: number;
  readonly garbage: number;
  /** The history and the audit are read beside the polls. */
  readonly history: boolean;
  /** After the first poll nobody reads for so long. */
  readonly awayMs: number;
  /** Polls before the last one, which meets a world that holds still. */
  readonly polls: number;
}

const mostly = <T>(usual: T, weight: number, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 100 - weight, arbitrary: fc.constantFrom(...others) });

/**
 * Small pages make small worlds as wicked as large ones: what overfills a page of three is to it what 1,000 tasks of one second are to a page
 * of a hundred.
 */
export const scenes: fc.Arbitrary<Scene> = fc.record({
  seed: fc.noShrink(fc.integer()),
  startInclusive: fc.boolean(),
  endInclusive: fc.boolean(),
  pageLimit: mostly(3, 60, 2, 2, 4, 6, 10),
  clamp: mostly(Number.POSITIVE_INFINITY, 80, 2, 3, 5),
  taskIdsMax: mostly(100, 60, 1, 2, 2, 3, 3, 10, 50),
  spanMs: mostly(Number.POSITIVE_INFINITY, 70, 2 * DAY_MS, 5 * DAY_MS, 30 * DAY_MS, 400 * DAY_MS),
  lagMs: mostly(0, 60, 5, 40, 400),
  zoneMs: mostly(0, 70, HOUR_MS, -HOUR_MS, 8 * HOUR_MS, -8 * HOUR_MS),
  ties: mostly<Scene['ties']>('shuffled', 75, 'steady'),
  countApart: mostly(false, 70, true),
  pages: mostly(1, 40, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 5, 12),
  more: fc.integer({ min: 0, max: 3 }),
  seconds: fc.constantFrom(1, 1, 2, 6, 6, 40, 40, 5_000, 5_000, 5_000),
  restless: mostly(0.5, 40, 0, 0.1, 1, 2),
  narrowed: mostly(false, 80, true),
  failing: mostly(0, 85, 0.02, 0.1),
  faulty: mostly(0, 85, 0.02, 0.1),
  garbage: mostly(0, 85, 0.02, 0.2),
  history: mostly(false, 70, true),
  awayMs: mostly(0, 80, DAY_MS, 3 * DAY_MS, 20 * DAY_MS),
  polls: fc.constantFrom(1, 1, 2),
});

/** The same with pages of the API's own size, and up to 1,300 tasks of one second. */
export const largeScenes: fc.Arbitrary<Scene> = fc
  .tuple(scenes, fc.integer({ min: 0, max: 13 }))
  .map(([scene, pages]) => ({
    ...scene,
    pageLimit: 100,
    pages,
    clamp: 10 * scene.clamp,
    taskIdsMax: Math.max(10, scene.taskIdsMax),
  }));

/** A scene as one line of JSON; JSON has no infinity. */
export function writeScene(scene: Scene): string {
  return JSON.stringify({ ...scene, spanMs: String(scene.spanMs), clamp: String(scene.clamp) });
}

/** The scene that `writeScene` wrote. */
export function readScene(text: string): Scene {
  const scene = JSON.parse(text);
  return { ...scene, spanMs: Number(scene.spanMs), clamp: Number(scene.clamp) };
}
