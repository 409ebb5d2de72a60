import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatherHostFacts } from '../../src/facts/host-facts.ts';
import { recordedHost } from '../../src/host/recorded.ts';
import { type HostRecording, saveRecording } from '../../src/host/recording.ts';
import type { Facts } from '../../src/model/facts.ts';
import { labAvailable } from '../lab/available.ts';
import { bundle } from '../lab/bundle.ts';
import { type LabHost, repository, startHost } from '../lab/host.ts';
import { createNetwork, type Network } from '../lab/network.ts';

const available = labAvailable();
const PROGRAM = '/opt/print-host-facts.mjs';
const SECRET = 'a-secret-of-the-lab-0123456789';
/** With TURNCTL_RECORD_HOSTS=1 the recordings under test/fixtures/hosts are written anew. */
const recording = process.env.TURNCTL_RECORD_HOSTS === '1';

const CONFIG = ['realm=example.org', 'use-auth-secret', `static-auth-secret=${SECRET}`, 'no-cli'];

describe.skipIf(available !== true)(
  `facts of a Debian host${available === true ? '' : ` (${available})`}`,
  () => {
    let network: Network;
    let host: LabHost;

    beforeAll(async () => {
      network = createNetwork();
      host = await startHost(network.node('srv', ['203.0.113.10/24', '2001:db8::10/64']));
      host.writeFile(PROGRAM, await bundle('print-host-facts.ts'));
    });
    afterAll(async () => {
      await host?.stop();
      network?.close();
    });

    async function restart(lines: readonly string[]): Promise<void> {
      host.writeFile('/etc/turnserver.conf', `${lines.join('\n')}\n`);
      await host.exec(['systemctl', 'reset-failed', 'coturn']);
      await host.exec(['systemctl', 'restart', 'coturn']);
    }

    async function gather(prefix: readonly string[] = []) {
      const output = await host.must([...prefix, process.execPath, PROGRAM]);
      expect(output).not.toContain(SECRET);
      return JSON.parse(output) as { facts: Facts; recording: HostRecording };
    }

    /** The recording of a host must lead to the same facts as the host. */
    async function keep(name: string, { facts, recording: kept }: Awaited<ReturnType<typeof gather>>) {
      const replayed = await gatherHostFacts({ host: recordedHost(kept) });
      // The length of a secret is known of the real one only.
      expect({ ...replayed.facts, config: null }).toEqual({ ...facts, config: null });
      if (!recording) return;
      // The checkout is mounted in the host; its place is nobody's business.
      const anonymous = JSON.parse(
        JSON.stringify(kept).replaceAll(repository, '/srv/turnctl'),
      ) as HostRecording;
      await saveRecording(anonymous, join(import.meta.dirname, '../fixtures/hosts', name));
    }

    test('healthy', async () => {
      await restart(CONFIG);
      const gathered = await gather();
      const { facts } = gathered;
      expect(facts).toMatchObject({
        version: { value: { version: '4.6.1', origin: 'running' } },
        config: { value: { path: '/etc/turnserver.conf', foundBy: 'process' } },
        configFile: { value: { owner: 'root', group: 'turnserver', mode: 0o640, readableByService: true } },
        service: {
          value: {
            manager: 'systemd',
            name: 'coturn.service',
            active: 'active',
            user: 'turnserver',
            privateTmp: true,
            journal: { known: true },
          },
        },
        processes: { value: [{ user: 'turnserver', sameNetwork: true, unit: 'coturn.service' }] },
        accounts: { value: { missing: [] } },
        kernel: { value: { unprivilegedPortStart: 1024 } },
        containers: { value: [] },
        log: {
          value: {
            destination: 'file',
            actual: expect.stringMatching(/^\/var\/tmp\/systemd-private-.*\/turn_\d+_.*\.log$/),
          },
        },
        logLines: { value: { lines: expect.arrayContaining([expect.stringContaining('IO method')]) } },
      });
      expect(facts.sockets).toMatchObject({
        value: expect.arrayContaining([
          { protocol: 'udp', ip: '203.0.113.10', port: 3478, program: 'turnserver', pid: expect.any(Number) },
          { protocol: 'tcp', ip: '2001:db8::10', port: 3478, program: 'turnserver', pid: expect.any(Number) },
        ]),
      });
      expect(facts.addresses).toMatchObject({
        value: expect.arrayContaining([
          expect.objectContaining({ ip: '203.0.113.10', prefixLength: 24, scope: 'global' }),
        ]),
      });
      await keep('debian-12-healthy', gathered);
    });

    test('not root: what is hidden is unknown, with the reason', async () => {
      const { facts } = await gather(['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups']);
      expect(facts).toMatchObject({
        config: { known: false, reason: '/etc/turnserver.conf is not readable for this user' },
        configFile: { known: true },
        version: { value: { version: '4.6.1', origin: 'installed' } },
        service: {
          value: {
            active: 'active',
            journal: {
              known: false,
              reason: 'not root, nor in the group systemd-journal: the journal is not shown',
            },
          },
        },
        processes: { value: [{ user: 'turnserver', unit: 'coturn.service' }] },
        sockets: { value: expect.arrayContaining([expect.objectContaining({ port: 3478, pid: null })]) },
      });
    });

    test('a key that only root can reach', async () => {
      const folder = '/etc/letsencrypt/archive';
      await host.must(['mkdir', '-p', '-m', '0700', folder]);
      await host.must(['mkdir', '-p', '/etc/letsencrypt/live/turn']);
      const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
      const names = ['-subj', '/CN=turn', '-addext', 'subjectAltName=DNS:turn.example.org'];
      const files = ['-out', `${folder}/cert.pem`, '-keyout', `${folder}/key.pem`];
      await host.must(['openssl', ...request, ...names, ...files]);
      for (const name of ['cert.pem', 'key.pem']) {
        await host.must(['ln', '-s', `../../archive/${name}`, `/etc/letsencrypt/live/turn/${name}`]);
      }
      await restart([
        ...CONFIG,
        'cert=/etc/letsencrypt/live/turn/cert.pem',
        'pkey=/etc/letsencrypt/live/turn/key.pem',
      ]);
      expect((await gather()).facts.tlsFiles).toMatchObject({
        value: {
          certificateFile: { exists: true, readableByService: false, blockedAt: folder },
          keyFile: { exists: true, readableByService: false, blockedAt: folder },
          certificate: { value: { names: ['turn.example.org'], selfSigned: true } },
          key: { value: { encrypted: false, matchesCertificate: true } },
        },
      });
    });

    test('a second turnserver on the same port', async () => {
      await restart(CONFIG);
      // As by hand, in no service of systemd; -o returns when it runs in the background.
      const byHand = ['turnserver', '-o', '-c', '/etc/turnserver.conf'];
      await host.must(['systemd-run', '--scope', '--quiet', ...byHand]);
      const gathered = await gather();
      const { processes, service } = gathered.facts;
      if (!processes.known || !service.known) throw new Error('unknown');
      expect(processes.value.map(({ user, unit }) => ({ user, unit }))).toEqual([
        { user: 'turnserver', unit: 'coturn.service' },
        { user: 'root', unit: null },
      ]);
      expect(service.value.mainPid).toBe(processes.value[0]?.pid);
      await keep('debian-12-second-instance', gathered);
      await host.must(['kill', '-KILL', String(processes.value[1]?.pid)]);
    });

    test('a service that may not bind its port, and gives up', async () => {
      await host.must(['mkdir', '-p', '/etc/systemd/system/coturn.service.d']);
      host.writeFile(
        '/etc/systemd/system/coturn.service.d/lab.conf',
        '[Service]\nTimeoutStartSec=2\nRestart=no\n',
      );
      await host.must(['systemctl', 'daemon-reload']);
      await restart([...CONFIG, 'listening-port=443']);
      const gathered = await gather();
      expect(gathered.facts).toMatchObject({
        config: { value: { path: '/etc/turnserver.conf', foundBy: 'unit' } },
        service: {
          value: {
            active: 'failed',
            result: 'timeout',
            mainPid: null,
            capabilities: [],
            fragments: [
              '/lib/systemd/system/coturn.service',
              '/etc/systemd/system/coturn.service.d/lab.conf',
            ],
            journal: { value: expect.arrayContaining([expect.stringContaining('Permission denied')]) },
          },
        },
        processes: { value: [] },
        version: { value: { version: '4.6.1', origin: 'installed' } },
      });
      await keep('debian-12-permission-denied', gathered);
    });
  },
);
