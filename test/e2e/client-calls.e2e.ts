import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCredential } from '../../src/credentials/issue.ts';
import type { CallRecord } from '../../src/model/call-record.ts';
import { NAIVE, REFERENCE, type Scenario } from '../../src/model/scenario.ts';
import { type ClientBrowser, launchBrowser } from '../../src/webrtc/browser.ts';
import { callInFreshPages } from '../../src/webrtc/calls.ts';
import { labAvailable } from '../lab/available.ts';
import { browserOn, type LabBrowser } from '../lab/browser.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { repository } from '../lab/host.ts';

const available = labAvailable();

describe.skipIf(available !== true)(
  `first calls behind symmetric NATs${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CoturnLab;
    let executables: LabBrowser[] = [];
    let browsers: [ClientBrowser, ClientBrowser];

    beforeAll(async () => {
      lab = await startCoturnLab();
      await restartCoturn(lab.host, SOUND);
      const behind = (name: string, outside: string, inside: string) =>
        lab.network
          .router(`nat-${name}`, { nat: 'symmetric', outside: `${outside}/24`, inside: `${inside}.1/24` })
          .node(`cli-${name}`, [`${inside}.2/24`]);
      executables = [behind('a', '203.0.113.41', '10.1.0'), behind('b', '203.0.113.42', '10.2.0')].map(
        browserOn,
      );
      const script = readFileSync(join(repository, 'dist/page.js'), 'utf8');
      const [a, b] = await Promise.all(
        executables.map(({ executable }) => launchBrowser({ script, executable })),
      );
      browsers = [a!, b!];
    });
    afterAll(async () => {
      await Promise.all((browsers ?? []).map(browser => browser.close()));
      for (const executable of executables) executable.remove();
      await lab?.close();
    });

    const credentials = () => {
      const { username, password } = issueCredential({
        secret: SECRET,
        now: Date.now(),
        ttlSeconds: 3600,
        name: 'lab',
      });
      return { username, password, ttl: 3600, uris: ['turn:203.0.113.10:3478?transport=udp'] };
    };
    const callsOf = (scenario: Scenario, calls = 1): Promise<readonly CallRecord[]> =>
      callInFreshPages({ scenario, browsers, credentials, calls, signal: new AbortController().signal });

    test('trial', { timeout: 300_000 }, async () => {
      const all = [];
      for (let i = 0; i < 10; i++) all.push(...(await callsOf(REFERENCE)));
      all.push(...(await callsOf(REFERENCE, 5)));
      for (let i = 0; i < 3; i++) all.push(...(await callsOf(NAIVE, 2)));
      writeFileSync('/tmp/calls.json', JSON.stringify(all, null, 1));
      expect(all.map(({ caller }) => caller.via)).toEqual(all.map(() => 'relay/udp'));
    });
  },
);
