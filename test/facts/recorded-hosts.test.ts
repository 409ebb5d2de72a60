import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatherHostFacts } from '../../src/facts/host-facts.ts';
import { openRecording, recordedHost } from '../../src/host/recorded.ts';

/** Made by test/e2e/host-facts.e2e.ts with TURNCTL_RECORD_HOSTS=1; a gatherer that asks something new needs new ones. */
const hosts = [
  {
    name: 'debian-12-healthy',
    expected: {
      service: { value: { active: 'active', user: 'turnserver' } },
      processes: { value: { length: 1 } },
      configFile: { value: { readableByService: true } },
    },
  },
  {
    name: 'debian-12-second-instance',
    expected: { processes: { value: [{ unit: 'coturn.service' }, { user: 'root', unit: null }] } },
  },
  {
    name: 'debian-12-permission-denied',
    expected: {
      service: {
        value: {
          active: 'failed',
          journal: { value: expect.arrayContaining([expect.stringContaining('Permission denied')]) },
        },
      },
      processes: { value: [] },
    },
  },
];
for (const { name, expected } of hosts) {
  test(name, async () => {
    const host = recordedHost(await openRecording(join(import.meta.dirname, '../fixtures/hosts', name)));
    const { facts } = await gatherHostFacts({ host });
    expect(facts).toMatchObject(expected);
    expect(host.unused()).toEqual([]);
  });
}
