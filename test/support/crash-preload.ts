/** Loaded before the program with `--import`: SIGWINCH makes it throw where nobody catches. */
process.on('SIGWINCH', () => {
  throw new Error('crashed on purpose');
});
