import { defineConfig } from 'vitest/config';

/** Tests that need programs of the system beside Node and npm (see README, "Tests"). */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
    maxWorkers: 1,
    pool: 'forks',
  },
});
