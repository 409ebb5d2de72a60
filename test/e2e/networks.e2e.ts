import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { issueCredential } from '../../src/credentials/issue.ts';
import type { CallRecord } from '../../src/model/call-record.ts';
import { REFERENCE } from '../../src/model/scenario.ts';
import { percentile } from '../../src/util/percentile.ts';
import { type ClientBrowser, launchBrowser } from '../../src/webrtc/browser.ts';
import { callInFreshPages } from '../../src/webrtc/calls.ts';
import { labAvailable } from '../lab/available.ts';
import { browserOn, type LabBrowser } from '../lab/browser.ts';
import { type CallLab, startCallLab } from '../lab/call-lab.ts';
import { SECRET } from '../lab/coturn.ts';
import { type Forwarder, startForwarder } from '../lab/forwarder.ts';
import { repository } from '../lab/host.ts';
import { inNode, type LabNode } from '../lab/network.ts';

const available = labAvailable(['chromium']);

/** First calls in each network, five times as many in the first. The figures of docs/calls.md are those of a hundred there. */
const CALLS = Number(process.env.TURNCTL_CALLS ?? 2);

const URIS = [
  'turn:203.0.113.10:3478?transport=udp',
  'turn:203.0.113.10:3478?transport=tcp',
  'turns:203.0.113.10:443?transport=tcp',
];

type Pair = readonly [ClientBrowser, ClientBrowser];

describe.skipIf(available !== true)(
  `first calls through all kinds of networks${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CallLab;
    let pair: Pair;
    let pairV6: Pair;
    let v6: readonly LabBrowser[] = [];
    let forwarder: Forwarder;
    const undo: (() => void)[] = [];

    beforeAll(async () => {
      lab = startCallLab();
      await lab.serve('203.0.113.10', lines =>
        lines.map(line => line.replace('tls-listening-port=5349', 'tls-listening-port=443')),
      );
      v6 = [1, 2].map(n => browserOn(lab.network.node(`six${n}`, [`2001:db8::4${n}/64`])));
      forwarder = await startForwarder(lab.out, { from: '203.0.113.30', to: '203.0.113.10', delayMs: 100 });
      const publicKey = new X509Certificate(lab.certificate).publicKey.export({
        type: 'spki',
        format: 'der',
      });
      const trustKey = createHash('sha256').update(publicKey).digest('base64');
      const script = readFileSync(join(repository, 'dist/page.js'), 'utf8');
      const launch = async (two: readonly LabBrowser[]) =>
        (await Promise.all(
          two.map(({ executable }) => launchBrowser({ script, executable, trustKey })),
        )) as unknown as Pair;
      pair = await launch(lab.browsers);
      pairV6 = await launch(v6);
    });
    afterEach(() => {
      for (const step of undo.splice(0)) step();
    });
    afterAll(async () => {
      await Promise.all([...(pair ?? []), ...(pairV6 ?? [])].map(browser => browser.close()));
      for (const browser of v6) browser.remove();
      await forwarder?.stop();
      await lab?.close();
    });

    /** Until the end of the test. */
    function filter(node: LabNode, ...rule: string[]): void {
      inNode(node, ['iptables', '-I', 'FORWARD', ...rule]);
      undo.push(() => inNode(node, ['iptables', '-D', 'FORWARD', ...rule]));
    }

    /** The ways of both sides, each call in fresh pages. */
    async function firstCalls(
      uris: readonly string[] = URIS,
      browsers: Pair = pair,
      count = CALLS,
    ): Promise<readonly CallRecord[]> {
      const credentials = () => {
        const { username, password } = issueCredential({
          secret: SECRET,
          now: Date.now(),
          ttlSeconds: 3600,
          name: 'lab',
        });
        return { username, password, ttl: 3600, uris };
      };
      const records: CallRecord[] = [];
      for (let i = 0; i < count; i++) {
        const scenario = { ...REFERENCE, policy: 'relay' as const };
        const signal = new AbortController().signal;
        records.push(...(await callInFreshPages({ scenario, browsers, credentials, calls: 1, signal })));
      }
      report(records);
      return records;
    }

    const ways = (records: readonly CallRecord[]) => [
      ...new Set(
        records.map(({ caller, callee }) =>
          [caller, callee].map(side => (side.connectedMs === null ? 'not connected' : side.via)).join(' '),
        ),
      ),
    ];
    const timeout = 60_000 + CALLS * 15_000;

    /** Where several ways work, the first one that answered is taken. */
    function expectWays(caller: RegExp, records: readonly CallRecord[]): void {
      expect(records).not.toEqual([]);
      for (const way of ways(records)) {
        expect(way.split(' ')).toEqual([
          expect.stringMatching(caller),
          expect.stringMatching(/^relay\/(udp|tcp|tls)$/),
        ]);
      }
    }

    test('symmetric NATs on both sides', { timeout }, async () => {
      expectWays(/^relay/, await firstCalls(URIS, pair, 5 * CALLS));
    });

    test('UDP blocked on one side: TCP saves it', { timeout }, async () => {
      filter(lab.routers[0], '-p', 'udp', '-j', 'DROP');
      expectWays(/^relay\/(tcp|tls)$/, await firstCalls());
    });

    test('UDP and port 3478 blocked on one side: TLS on 443 saves it', { timeout }, async () => {
      filter(lab.routers[0], '-p', 'udp', '-j', 'DROP');
      filter(lab.routers[0], '-p', 'tcp', '--dport', '3478', '-j', 'DROP');
      expectWays(/^relay\/tls$/, await firstCalls());
    });

    test('IPv6 only', { timeout }, async () => {
      const uris = URIS.map(uri => uri.replace('203.0.113.10', '[2001:db8::10]'));
      expectWays(/^relay/, await firstCalls(uris, pairV6));
    });

    test('five of a hundred packets lost, each way', { timeout }, async () => {
      for (const router of lab.routers) {
        filter(router, '-m', 'statistic', '--mode', 'random', '--probability', '0.05', '-j', 'DROP');
      }
      expectWays(/^relay/, await firstCalls());
    });

    test('200 ms to the server and back', { timeout }, async () => {
      const uris = ['turn:203.0.113.30:3478?transport=udp'];
      expectWays(/^relay\/udp$/, await firstCalls(uris));
      expect(forwarder.carried()).toBeGreaterThan(0);
    });
  },
);

/** Figures for people; a test does not judge times. */
function report(records: readonly CallRecord[]): void {
  if (process.env.TURNCTL_CALLS === undefined) return;
  const times = records.flatMap(({ caller }) => caller.connectedMs ?? []);
  const restarts = records.filter(({ caller }) =>
    caller.events.some(({ kind }) => kind === 'restart'),
  ).length;
  const at = (percent: number) => Math.round(percentile(times, percent));
  console.log(
    `${times.length} of ${records.length} connected, median ${at(50)} ms, p95 ${at(95)} ms, longest ${at(100)} ms, ${restarts} restarted`,
  );
}
