import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { type LabHost, startHost } from '../lab/host.ts';
import { causes, diagnose, finding, outside } from '../lab/turnctl.ts';

const available = labAvailable();
const UDP = 'turn:203.0.113.10:3478?transport=udp';

/** What a careful operator writes, but for the ports that a test leaves out. */
const firewall = (...openPorts: readonly string[]): string => `
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport { 22, 3478, 5349 } accept
    ${openPorts.map(ports => `udp dport ${ports} accept`).join('\n    ')}
  }
}
`;

describe.skipIf(available !== true)(
  `one fault at a time${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CoturnLab;
    let host: LabHost;
    beforeAll(async () => {
      lab = await startCoturnLab();
      host = lab.host;
    });
    afterAll(() => lab?.close());

    const onHost = () => diagnose(host, [], lab.trust.onHost);
    const fromElsewhere = (
      argv: readonly string[],
      env: Record<string, string> = { TURNCTL_SECRET: SECRET },
    ) => diagnose(outside(lab.out), argv, { ...lab.trust.elsewhere, ...env });

    describe('credentials', () => {
      beforeAll(() => restartCoturn(host, SOUND));

      test('a wrong secret', async () => {
        const diagnosis = await fromElsewhere(['203.0.113.10'], {
          TURNCTL_SECRET: 'another-secret-of-the-lab',
        });
        expect(causes(diagnosis)).toEqual(['error credentials/secret-mismatch']);
        expect(diagnosis.exitCode).toBe(1);
        expect(diagnosis.text).not.toContain('another-secret-of-the-lab');
      });

      test('an expired credential', async () => {
        const username = `${Math.floor(Date.now() / 1000) - 3600}:ada`;
        const password = createHmac('sha1', SECRET).update(username).digest('base64');
        const diagnosis = await fromElsewhere(['203.0.113.10', '--user', username], {
          TURNCTL_PASSWORD: password,
        });
        expect(causes(diagnosis)).toEqual(['error credentials/expired']);
        expect(diagnosis.exitCode).toBe(1);
        expect(diagnosis.text).not.toContain(password);
      });
    });

    describe('nftables', () => {
      beforeAll(() => restartCoturn(host, SOUND));
      const load = async (rules: string) => {
        host.writeFile('/etc/nftables.conf', rules);
        await host.must(['nft', '-f', '/etc/nftables.conf']);
      };
      afterEach(() => host.must(['nft', 'flush', 'ruleset']));

      test('everything that is needed let in', async () => {
        await load(firewall('3478', '49160-49260'));
        expect(causes(await onHost())).toEqual([]);
        expect(causes(await fromElsewhere([UDP]))).toEqual([]);
      });

      test('the relay range closed', async () => {
        await load(firewall('3478'));
        const diagnosis = await onHost();
        expect(causes(diagnosis)).toEqual(['error firewall/relay-range-closed']);
        expect(finding(diagnosis, 'firewall/relay-range-closed').message).toContain('49160');
        expect(causes(await fromElsewhere([UDP]))).toEqual(['error firewall/relay-range-closed']);
      });

      test('3478/udp closed', async () => {
        await load(firewall('49160-49260'));
        const diagnosis = await onHost();
        expect(causes(diagnosis)).toEqual(['error firewall/listening-port-closed']);
        expect(finding(diagnosis, 'firewall/listening-port-closed').message).toContain('3478/udp');
        expect(causes(await fromElsewhere(['203.0.113.10']))).toEqual([
          'error firewall/listening-port-closed',
        ]);
      });
    });

    describe('the service', () => {
      afterEach(() => host.must(['chmod', '0755', '/usr/bin/turnserver']));

      test('stopped, with "Permission denied" in its journal', async () => {
        await host.must(['chmod', '0644', '/usr/bin/turnserver']);
        await restartCoturn(host, SOUND);
        const diagnosis = await onHost();
        expect(causes(diagnosis)).toEqual(['error service/not-running']);
        expect(finding(diagnosis, 'service/not-running').evidence).toContain('Permission denied');
        expect(diagnosis.exitCode).toBe(1);
      });
    });

    describe('a second turnserver on the port', () => {
      beforeEach(() => restartCoturn(host, SOUND));
      afterEach(() => host.must(['sh', '-c', 'kill -9 $(cat /run/second/pid)']));

      /** Started by hand, as somebody does who tries something out and forgets it. */
      async function startSecond(user: string): Promise<void> {
        const lines = SOUND.filter(line => !/^(static-auth-secret|log-file|tls-|cert|pkey)/.test(line));
        host.writeFile(
          '/etc/second.conf',
          [...lines, 'static-auth-secret=aSecretOfTheOtherOne', ''].join('\n'),
        );
        await host.must(['install', '-d', '-o', user, '/run/second']);
        const options = '-c /etc/second.conf --pidfile /run/second/pid --log-file /run/second/log -o';
        await host.must(['setpriv', '--reuid', user, '--clear-groups', 'turnserver', ...options.split(' ')]);
        const sockets = 'ss -lunpH \'sport = 3478\' | grep -q "pid=$(cat /run/second/pid),"';
        for (let tries = 0; (await host.exec(['sh', '-c', sockets])).exitCode !== 0; tries++) {
          if (tries > 100) throw new Error((await host.exec(['cat', '/run/second/log'])).stdout);
          await delay(50);
        }
      }

      test.each(['turnserver', 'root'])('of the user %s', async user => {
        await startSecond(user);
        const diagnosis = await onHost();
        expect(causes(diagnosis)).toEqual(['error service/second-instance']);
        expect(finding(diagnosis, 'service/second-instance').message).toContain('3478/udp');
        expect(diagnosis.exitCode).toBe(1);
      });
    });
  },
);

describe.skipIf(available !== true)(`behind NAT${available === true ? '' : ` (${available})`}`, () => {
  let lab: CoturnLab;
  let cloud: LabHost;
  // Another public address, and the private one of the machine behind it.
  const LINES = SOUND.filter(line => !/^(listening-ip|relay-ip|cert|pkey|tls-listening-port)=/.test(line));
  const OWN = 'allowed-peer-ip=10.0.0.10';
  const URI = 'turn:203.0.113.40:3478?transport=udp';

  beforeAll(async () => {
    lab = await startCoturnLab({ units: [] });
    const edge = { nat: 'one-to-one', outside: '203.0.113.40/24', inside: '10.0.0.1/24' } as const;
    const router = lab.network.router('edge', { ...edge, forwardTo: '10.0.0.10' });
    cloud = await startHost(router.node('cloud', ['10.0.0.10/24']));
    await cloud.must(['install', '-d', '-o', 'turnserver', '/var/log/turnserver']);
  });
  afterAll(async () => {
    await cloud?.stop();
    await lab?.close();
  });

  const fromElsewhere = () => diagnose(outside(lab.out), [URI], { TURNCTL_SECRET: SECRET });

  test('without external-ip', async () => {
    await restartCoturn(cloud, LINES);
    const diagnosis = await fromElsewhere();
    expect(causes(diagnosis)).toEqual(['error nat/external-ip-missing']);
    expect(finding(diagnosis, 'nat/external-ip-missing').message).toContain('10.0.0.10');
    expect(diagnosis.exitCode).toBe(1);
  });

  test('with it', async () => {
    await restartCoturn(cloud, [...LINES, 'external-ip=203.0.113.40/10.0.0.10', OWN]);
    const diagnosis = await fromElsewhere();
    expect(causes(diagnosis)).toEqual([]);
    expect(diagnosis.exitCode).toBe(0);
  });
});
