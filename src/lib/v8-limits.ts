/**
 * The memory that V8 is given, without the compilers that take most and bring nothing here, and with a collector that can be called; docs/decisions.md
 * has the numbers. What the first line of `bin.ts` and the image's ENTRYPOINT say, for whoever starts the program otherwise.
 */
export const V8_LIMITS: readonly string[] = [
  '--max-old-space-size=96',
  '--max-semi-space-size=4',
  '--liftoff-only',
  '--no-opt',
  '--expose-gc',
];

/** Set beside them: with an arena for each thread glibc keeps 12 MB more during a backfill at 18 requests a second, 25 MB more without a limit. */
export const MALLOC_LIMITS: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' };
