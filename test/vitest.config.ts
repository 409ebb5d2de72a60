import { defineConfig } from 'vitest/config';

/** `unit` needs nothing but Node and loopback; `e2e` starts real servers, hosts and browsers, one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          root: new URL('..', import.meta.url).pathname,
          include: ['test/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          root: new URL('..', import.meta.url).pathname,
          include: ['test/e2e/**/*.e2e.ts'],
          fileParallelism: false,
          // Whole hosts boot in here: not beside the quick ones.
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
    coverage: { include: ['src/**'], reportsDirectory: 'coverage' },
  },
});
