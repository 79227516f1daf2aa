/** Loaded before the program with `--import`: SIGWINCH makes it throw where nobody catches, SIGIO fill its memory until V8 gives up. */
process.on('SIGWINCH', () => {
  throw new Error('crashed on purpose');
});
process.on('SIGIO', () => {
  const kept: unknown[][] = [];
  for (;;) kept.push(new Array(1_000_000).fill(kept));
});
