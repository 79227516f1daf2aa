#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-old-space-size=96 --max-semi-space-size=4 --liftoff-only --no-opt --expose-gc
// Old syntax on purpose: an old Node must come as far as the sentence.
const major = Number(process.versions.node.split('.')[0]);
if (major >= 24) {
  import('./cli.ts').then(
    (cli) => cli.main(process.argv),
    (error) => {
      process.exitCode = 1;
      console.error(
        'repairwatch cannot be loaded; install it again with `npm ci`. ' +
          String(error).replace(/\s+/g, ' ').slice(0, 300),
      );
    },
  );
} else {
  process.exitCode = 2;
  console.error(
    'repairwatch needs Node 24 or newer, but this is Node ' +
      process.versions.node +
      '; install it from https://nodejs.org, or run `npm ci` and start through `npx repairwatch`.',
  );
}
