/** The memory that V8 is given: what the first line of `bin.ts` and the image's ENTRYPOINT say, for whoever starts the program otherwise. */
export const V8_LIMITS: readonly string[] = ['--max-old-space-size=96', '--max-semi-space-size=2'];
