import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, REALM, startCoturnLab } from '../lab/coturn.ts';
import { newerCoturn } from '../lab/coturn-newer.ts';
import { type LabHost, startHost } from '../lab/host.ts';
import { createNetwork, type LabNode, type Network } from '../lab/network.ts';
import { causes, diagnose, outside, PROGRAM, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();
const newer = available === true ? newerCoturn() : available;
const FILE = '/etc/turnserver.conf';
const IP = 'ip';
const CERTIFICATE = ['--tls-cert', '/etc/coturn/turn.pem', '--tls-key', '/etc/coturn/turn.key'];

/** Runs init on the host over Debian's own file, starts coturn with the result, and returns what init printed. */
async function initAndStart(host: LabHost, argv: readonly string[]): Promise<string> {
  const printed = await turnctl(host, ['init', '--yes', '--force', '--output', FILE, ...argv]);
  expect(printed).toMatchObject({ exitCode: 0, stderr: '' });
  await host.exec(['systemctl', 'reset-failed', 'coturn']);
  await host.must(['systemctl', 'restart', 'coturn']);
  return printed.stdout;
}

const secretIn = (text: string): string => /^static-auth-secret=(.+)$/m.exec(text)![1]!;

/** What coturn itself says against its configuration. */
async function complaints(host: LabHost): Promise<string[]> {
  const log = await host.must(['journalctl', '-u', 'coturn', '-o', 'cat', '--no-pager']);
  const start = log.lastIndexOf('Listener address to use');
  return log
    .slice(Math.max(start, 0))
    .split('\n')
    .filter(line => /Bad configuration|Wrong address format|Unknown|CONFIG ERROR/i.test(line));
}

const skipped = (reason: unknown): string => (typeof reason === 'string' ? ` (${reason})` : '');

describe.each([
  { name: "Debian's coturn", layer: available === true ? undefined : available },
  { name: 'a newer coturn', layer: newer },
] as const)('init on the host of $name', ({ layer }) => {
  describe.skipIf(typeof layer === 'string')(`with a public address${skipped(layer)}`, () => {
    let lab: CoturnLab;
    beforeAll(async () => {
      lab = await startCoturnLab(typeof layer === 'object' ? { layer: layer.root } : {});
    });
    afterAll(() => lab?.close());

    test('with a certificate: diagnose says ok, here and from elsewhere', async () => {
      await initAndStart(lab.host, ['--realm', REALM, ...CERTIFICATE]);
      const diagnosis = await diagnose(lab.host, [], lab.trust.onHost);
      expect(causes(diagnosis)).toEqual([]);
      expect(diagnosis).toMatchObject({ exitCode: 0, verdict: { status: 'ok' } });
      const secret = secretIn(lab.host.readFile(FILE));
      for (const uri of ['turn:203.0.113.10', 'turns:203.0.113.10', 'turn:[2001:db8::10]?transport=tcp']) {
        const remote = await diagnose(outside(lab.out), [uri], {
          ...lab.trust.elsewhere,
          TURNCTL_SECRET: secret,
        });
        expect(causes(remote)).toEqual([]);
        expect(remote.verdict.status).toBe('ok');
      }
      expect(diagnosis.text).not.toContain(secret);
    });

    test('coturn takes every line', async () => {
      expect(await complaints(lab.host)).toEqual([]);
    });

    test('the file is open to root and coturn alone, and the old one is kept', async () => {
      expect(await lab.host.must(['stat', '-c', '%a %U:%G', FILE])).toBe('640 root:turnserver\n');
      const names = await lab.host.must(['sh', '-c', `ls ${FILE}.*`]);
      expect(names).toMatch(/turnserver\.conf\.\d{8}T\d{6}\.\d{3}Z\n/);
    });

    test('lint has nothing to say about it', async () => {
      const { stdout, exitCode } = await turnctl(lab.host, ['lint', '--json', '--fail-on', 'warning', FILE]);
      expect(causes(JSON.parse(stdout))).toEqual([]);
      expect(exitCode).toBe(0);
    });

    test('without a certificate: TLS is off, and diagnose says ok', async () => {
      expect(await initAndStart(lab.host, ['--realm', REALM])).toContain('TLS is off.');
      const diagnosis = await diagnose(lab.host);
      expect(causes(diagnosis)).toEqual([]);
      expect(diagnosis.verdict.status).toBe('ok');
    });

    test('refuses to replace what is there', async () => {
      const before = lab.host.readFile(FILE);
      const { exitCode, stderr } = await turnctl(lab.host, ['init', '--yes', '--output', FILE]);
      expect(exitCode).toBe(3);
      expect(stderr).toContain(`${FILE} exists already`);
      expect(lab.host.readFile(FILE)).toBe(before);
    });
  });
});

describe.skipIf(available !== true)(`init behind a one-to-one NAT${skipped(available)}`, () => {
  let network: Network;
  let out: LabNode;
  let host: LabHost;
  beforeAll(async () => {
    network = createNetwork();
    out = network.node('out', ['203.0.113.30/24']);
    const router = network.router('nat', {
      nat: 'one-to-one',
      outside: '203.0.113.20/24',
      inside: '10.7.0.1/24',
      forwardTo: '10.7.0.5',
    });
    host = await startHost(router.node('srv', ['10.7.0.5/24']));
  });
  afterAll(async () => {
    await host?.stop();
    network?.close();
  });

  const fromOutside = () =>
    diagnose(outside(out), ['turn:203.0.113.20?transport=udp'], {
      TURNCTL_SECRET: secretIn(host.readFile(FILE)),
    });

  test('with the public address: calls from outside work', async () => {
    await initAndStart(host, ['--realm', REALM, '--external-ip', '203.0.113.20']);
    expect(host.readFile(FILE)).toContain('\nexternal-ip=203.0.113.20/10.7.0.5\n');
    expect(causes(await diagnose(host))).toEqual([]);
    const remote = await fromOutside();
    expect(causes(remote)).toEqual([]);
    expect(remote.verdict.status).toBe('ok');
  });

  test('a STUN server outside tells it', async () => {
    const flags = ['-n', '--listening-ip=203.0.113.30', '--stun-only', '--no-cli', '--no-tls', '--no-dtls'];
    const files = ['--log-file=stdout', '--pidfile=/dev/null', '--userdb=/nonexistent/turndb'];
    const enter = ['netns', 'exec', out.namespace];
    const server = spawn(IP, [...enter, 'turnserver', ...flags, ...files], { stdio: 'ignore' });
    const gone = once(server, 'exit');
    try {
      // Requests are sent again until it listens.
      await initAndStart(host, ['--realm', REALM, '--stun', 'stun:203.0.113.30']);
    } finally {
      server.kill('SIGKILL');
      await gone;
    }
    expect(host.readFile(FILE)).toContain('\nexternal-ip=203.0.113.20/10.7.0.5\n');
  });

  test('without it: diagnose names the line that is missing', async () => {
    expect(await initAndStart(host, ['--realm', REALM])).toContain('Fill in external-ip');
    expect(causes(await diagnose(host))).toEqual(['warning nat/external-ip-missing']);
  });

  test('asks on a terminal', async () => {
    const program = await host.exec(
      ['script', '-qec', `${PROGRAM.join(' ')} init --output /root/asked.conf`, '/dev/null'],
      { input: '203.0.113.20\nturn.example.org\n' },
    );
    expect(program.stdout).toContain('Public IPv4 address that is mapped to 10.7.0.5');
    const text = host.readFile('/root/asked.conf');
    expect(text).toContain('\nexternal-ip=203.0.113.20/10.7.0.5\n');
    expect(text).toContain('\nrealm=turn.example.org\n');
    expect(program.stdout).not.toContain(secretIn(text));
  });
});
