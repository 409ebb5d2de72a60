import { describe, expect, test } from 'vitest';
import { drainProblem } from '../../src/service/drain.ts';

describe('whether a coturn drains', () => {
  // 4.6.1 died of SIGUSR1, 4.18.0 drained: see test/e2e/service.e2e.ts.
  const cases = [
    { version: '4.5.2', origin: 'running', drains: false },
    { version: '4.6.2', origin: 'running', drains: false },
    { version: '4.6.3', origin: 'running', drains: true },
    { version: '4.18.0', origin: 'running', drains: true },
    { version: '4.18.0', origin: 'asked', drains: false },
    // The program on the disk may be newer than the one that runs.
    { version: '4.18.0', origin: 'installed', drains: false },
    { version: '4.18.0', origin: 'newest-known', drains: false },
  ] as const;
  for (const { drains, ...version } of cases) {
    test(`${version.version}, ${version.origin}`, () => {
      expect(drainProblem(version) === undefined).toBe(drains);
    });
  }
});
