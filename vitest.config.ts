import { defineConfig } from 'vitest/config';

/** The gate that needs only Node and npm. Tests are never retried: a test that fails once has found something. */
export default defineConfig({
  test: {
    include: ['test/{unit,property,contract,acceptance}/**/*.test.ts'],
    // A test ends by what it waits for; this ends one that hangs, on a machine that is several times slower, too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
    // Acceptance tests mostly wait for a second to pass; two cores serve six of them.
    maxWorkers: 6,
    pool: 'forks',
  },
});
