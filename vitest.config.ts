import { defineConfig } from 'vitest/config';

/** The gate that needs only Node and npm. Tests are never retried: a test that fails once has found something. */
export default defineConfig({
  test: {
    include: ['test/{unit,property,contract,acceptance}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 0,
    // Acceptance tests mostly wait for a second to pass; two cores serve six of them.
    maxWorkers: 6,
    pool: 'forks',
  },
});
