import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCredential } from '../../src/credentials/issue.ts';
import { unknownFacts } from '../../src/facts/unknown-facts.ts';
import type { CallRecord } from '../../src/model/call-record.ts';
import { known } from '../../src/model/fact.ts';
import type { Facts } from '../../src/model/facts.ts';
import { NAIVE, REFERENCE, type Scenario } from '../../src/model/scenario.ts';
import offerBeforeRelay from '../../src/rules/ice/offer-before-relay.ts';
import { runRules } from '../../src/rules/run.ts';
import { type ClientBrowser, launchBrowser } from '../../src/webrtc/browser.ts';
import { callInFreshPages } from '../../src/webrtc/calls.ts';
import { labAvailable } from '../lab/available.ts';
import { browserOn, type LabBrowser } from '../lab/browser.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { repository } from '../lab/host.ts';

const available = labAvailable(['chromium']);

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

    const connected = (records: readonly CallRecord[]) =>
      records.map(({ caller, callee }) => [caller, callee].map(({ via }) => via?.split('/')[0] ?? null));

    test('the reference client connects in every first call, and in every call after it', async () => {
      const records = [
        ...(await callsOf(REFERENCE, 5)),
        ...(await callsOf(REFERENCE)),
        ...(await callsOf(REFERENCE)),
      ];
      expect(connected(records)).toEqual(records.map(() => ['relay', 'relay']));
      expect(records.every(({ caller }) => caller.connectedMs !== null)).toBe(true);
    });

    test('the client that waits for the end of gathering does so on a healthy server', async () => {
      const [record] = await callsOf(NAIVE);
      expect(connected([record!])).toEqual([['relay', 'relay']]);
    });

    test('the client that sends what is there at once never connects', async () => {
      const [record] = await callsOf({ ...NAIVE, waitFor: 'nothing', giveUpMs: 4_000 });
      expect(record!.caller.connectedMs).toBeNull();
      const [check] = runRules([offerBeforeRelay], factsWith(NAIVE, record!), Date.now());
      expect(check?.findings[0]?.message).toMatch(
        /first call, caller: the offer left \d+ ms before the relay candidate/,
      );
    });
  },
);

const factsWith = (scenario: Scenario, call: CallRecord): Facts => ({
  ...unknownFacts(new Date().toISOString(), 'not looked at'),
  client: known({ scenario, uris: [], calls: [call] }),
});
