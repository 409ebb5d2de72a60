import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FixResult } from '../../src/report/fix.ts';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { causes, type Diagnosis, outside, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();

/** Port 443 needs a right that the service does not have: it does not get past its start. */
const FAULTY = [
  'no-stun',
  'no-tcp-relay',
  ...SOUND.map(line => (line.startsWith('tls-listening-port') ? 'tls-listening-port=443' : line)),
];

const KEEP = ['-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED', '-j', 'ACCEPT'];
const tables = ['iptables', 'ip6tables'];

/** Firewalls with nothing open for coturn, beside the ufw of the story. */
const FIREWALLS: readonly { name: string; up: readonly string[][]; down: readonly string[][] }[] = [
  {
    name: 'nftables with a policy',
    up: [
      ['nft', 'add table inet guard { chain in { type filter hook input priority 0; policy drop; }; }'],
      ['nft', 'add rule inet guard in ct state established,related accept'],
      ['nft', 'add rule inet guard in iifname lo accept'],
      ['nft', 'add rule inet guard in meta l4proto ipv6-icmp accept'],
    ],
    down: [['nft', 'delete', 'table', 'inet', 'guard']],
  },
  {
    name: 'iptables',
    up: [
      ...tables.flatMap(tool => [
        [tool, '-A', 'INPUT', ...KEEP],
        [tool, '-A', 'INPUT', '-i', 'lo', '-j', 'ACCEPT'],
      ]),
      ['ip6tables', '-A', 'INPUT', '-p', 'ipv6-icmp', '-j', 'ACCEPT'],
      ...tables.map(tool => [tool, '-P', 'INPUT', 'DROP']),
    ],
    down: tables.flatMap(tool => [
      [tool, '-P', 'INPUT', 'ACCEPT'],
      [tool, '-F', 'INPUT'],
    ]),
  },
  {
    name: 'firewalld',
    // It answers once its rules are in force.
    up: [
      ['systemctl', 'start', 'firewalld'],
      ['firewall-cmd', '--list-all'],
    ],
    down: [['systemctl', 'stop', 'firewalld']],
  },
];

interface FixDocument extends Pick<Diagnosis, 'verdict' | 'checks' | 'observations'> {
  readonly plan: {
    readonly steps: readonly { readonly kind: string }[];
    readonly resolves: readonly string[];
  };
  readonly left: readonly string[];
  readonly run: FixResult | null;
}

describe.skipIf(available !== true)(`fix${available === true ? '' : ` (${available})`}`, () => {
  let lab: CoturnLab;
  beforeAll(async () => {
    lab = await startCoturnLab({ units: ['dbus.service'] });
  });
  afterAll(() => lab?.close());

  const onHost = (...argv: string[]) => turnctl(lab.host, argv, lab.trust.onHost);
  const fix = async (...argv: string[]) => {
    const { exitCode, stdout, stderr } = await onHost('fix', '--json', ...argv);
    if (!stdout.startsWith('{')) throw new Error(`fix ended with ${exitCode}: ${stderr || stdout}`);
    return { exitCode, stdout, stderr, document: JSON.parse(stdout) as FixDocument };
  };

  /** Every file of /etc with owner, mode, time and bytes, every rule in force, and what becomes of the service. */
  const look = async () => ({
    files: await lab.host.must([
      'find',
      '/etc',
      '-type',
      'd',
      '-printf',
      '%p %u:%g %m\n',
      '-o',
      '-printf',
      '%p %u:%g %m %l %T@\n',
    ]),
    bytes: await lab.host.must(['find', '/etc', '-type', 'f', '-exec', 'sha256sum', '{}', '+']),
    ipv4: rules(await lab.host.must(['iptables-save'])),
    ipv6: rules(await lab.host.must(['ip6tables-save'])),
    enabled: (await lab.host.exec(['systemctl', 'is-enabled', 'coturn'])).stdout,
  });
  /** Without counters, dates and chains' order. */
  const rules = (text: string) =>
    text
      .replaceAll(/\[\d+:\d+\]/g, '')
      .split('\n')
      .filter(line => !line.startsWith('#'))
      .sort();

  const elsewhere = async (uri: string): Promise<Diagnosis> => {
    const { stdout } = await turnctl(outside(lab.out), ['diagnose', uri, '--json'], {
      ...lab.trust.elsewhere,
      TURNCTL_SECRET: SECRET,
    });
    return JSON.parse(stdout) as Diagnosis;
  };

  /** Debian's own owner and mode, and coturn running on these lines. */
  async function runSoundly(lines: readonly string[]): Promise<void> {
    lab.host.writeFile('/etc/turnserver.conf', `${lines.join('\n')}\n`);
    await lab.host.must(['chown', 'root:turnserver', '/etc/turnserver.conf']);
    await lab.host.must(['chmod', '0640', '/etc/turnserver.conf']);
    await lab.host.must(['systemctl', 'restart', 'coturn']);
    const deadline = Date.now() + 30_000;
    while (!(await answers())) {
      if (Date.now() > deadline) throw new Error('coturn does not answer');
      await delay(100);
    }
  }
  const answers = async () => {
    const argv = ['probe', 'turn', 'turn:203.0.113.10:3478?transport=udp', '--timeout', '2'];
    return (await turnctl(lab.host, argv, { TURNCTL_SECRET: SECRET })).exitCode === 0;
  };

  describe("the owner's story", () => {
    let before: Awaited<ReturnType<typeof look>>;
    let first: Awaited<ReturnType<typeof fix>>;
    beforeAll(async () => {
      lab.host.writeFile('/etc/turnserver.conf', `${FAULTY.join('\n')}\n`);
      await lab.host.must(['chown', 'root:root', '/etc/turnserver.conf']);
      await lab.host.must(['chmod', '0600', '/etc/turnserver.conf']);
      await lab.host.must(['ufw', '--force', 'enable']);
      // Of its IPv6 rules it loads some only now.
      await lab.host.must(['ufw', 'reload']);
      before = await look();
      first = await fix('--yes');
    });

    test('is mended in one run', () => {
      expect(first.document.run).toMatchObject({ state: 'kept', causesAfter: 0 });
      expect(causes(first.document)).toEqual([]);
      expect(first.exitCode).toBe(0);
      expect(first.document.plan.resolves).toEqual(
        expect.arrayContaining([
          'listener/no-stun',
          'relay/no-tcp-relay',
          'config/unreadable',
          'listener/privileged-port',
          'service/not-running',
          'firewall/listening-port-closed',
          'firewall/relay-range-closed',
        ]),
      );
      expect(first.stdout).not.toContain(SECRET);
    });

    test.each(['turn:203.0.113.10:3478?transport=udp', 'turns:[2001:db8::10]:443?transport=tcp'])(
      'a client elsewhere gets data both ways: %s',
      async uri => {
        const diagnosis = await elsewhere(uri);
        const path = diagnosis.observations.find(({ probe }) => probe === 'turn-data-path');
        expect(path).toMatchObject({
          outcome: 'complete',
          inbound: { outcome: 'passed' },
          outbound: { outcome: 'passed' },
        });
        expect(causes(diagnosis)).toEqual([]);
      },
    );

    test('a second run has nothing to do', async () => {
      const { document, exitCode } = await fix('--yes');
      expect(document.plan.steps).toEqual([]);
      expect(document.run).toBeNull();
      expect(exitCode).toBe(0);
      const list = await onHost('rollback', '--list');
      expect(list.stdout).toMatch(/kept +fix: \d+ steps/);
    });

    test('rollback gives back every byte, owner, mode and rule', async () => {
      const { exitCode, stdout, stderr } = await onHost('rollback');
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toContain('is undone');
      expect(await look()).toEqual(before);
      expect((await lab.host.exec(['systemctl', 'is-active', 'coturn'])).stdout).toBe('inactive\n');
    });
  });

  describe.each(FIREWALLS)('behind $name', ({ up, down }) => {
    beforeAll(async () => {
      await lab.host.must(['ufw', 'disable']);
      await runSoundly(SOUND);
      for (const argv of up) await lab.host.must(argv);
    });
    afterAll(async () => {
      for (const argv of down) await lab.host.must(argv);
    });

    test('the doors are opened in one run, and shut again by rollback', async () => {
      // Managers make their tables anew, in an order of their own.
      const ruleset = async () =>
        (await lab.host.must(['nft', '--stateless', 'list', 'ruleset'])).split('\n').sort();
      const before = { ...(await look()), ruleset: await ruleset() };
      const { document, exitCode } = await fix('--yes');
      expect({ run: document.run, exitCode }).toMatchObject({ run: { state: 'kept' }, exitCode: 0 });
      const diagnosis = await elsewhere('turn:203.0.113.10:3478?transport=udp');
      expect(diagnosis.observations.find(({ probe }) => probe === 'turn-data-path')).toMatchObject({
        outcome: 'complete',
        inbound: { outcome: 'passed' },
      });
      expect((await fix('--yes')).document.plan.steps).toEqual([]);
      expect(await onHost('rollback')).toMatchObject({ exitCode: 0, stderr: '' });
      expect({ ...(await look()), ruleset: await ruleset() }).toEqual(before);
    });
  });

  describe('a plan whose result is worse', () => {
    test('is put back by itself: another process has the port', async () => {
      // Whoever wrote it meant the option, so that fix, asked to, moves coturn to a port that is taken.
      await runSoundly([...SOUND, 'listening_port=3480']);
      const squatter =
        "require('dgram').createSocket('udp4').bind(3480,'203.0.113.10');require('net').createServer().listen(3480,'203.0.113.10')";
      await lab.host.must(['systemd-run', '--unit=squatter', process.execPath, '-e', squatter]);
      const before = await look();
      const { exitCode, document } = await fix('--yes', 'config/unknown-option');
      expect(document.run).toMatchObject({
        state: 'undone',
        reason: expect.stringMatching(/^service\/\S+: /),
      });
      expect(exitCode).toBe(4);
      expect(await look()).toEqual(before);
      expect((await lab.host.exec(['systemctl', 'is-active', 'coturn'])).stdout).toBe('active\n');
      expect(await answers()).toBe(true);
    });
  });

  describe('refused before anything is changed', () => {
    const refused = async (...argv: string[]) => {
      const before = await look();
      const runs = (await onHost('rollback', '--list')).stdout;
      const { exitCode, stderr } = await onHost('fix', '--yes', ...argv);
      expect(exitCode).toBe(3);
      expect(await look()).toEqual(before);
      expect((await onHost('rollback', '--list')).stdout).toBe(runs);
      return stderr;
    };

    test('a full disk', async () => {
      await lab.host.must(['mkdir', '-p', '/srv/full']);
      await lab.host.must(['mount', '-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', '/srv/full']);
      lab.host.writeFile('/srv/full/turnserver.conf', `no-stun\n${SOUND.join('\n')}\n`);
      await lab.host.exec(['dd', 'if=/dev/zero', 'of=/srv/full/rest', 'bs=1k']);
      expect(await refused('--config', '/srv/full/turnserver.conf')).toContain(
        'no space is left on the device',
      );
      await lab.host.must(['umount', '/srv/full']);
    });

    test('a full disk under the journal', async () => {
      lab.host.writeFile('/etc/turnserver.conf', `no-stun\n${SOUND.join('\n')}\n`);
      await lab.host.must(['mount', '-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', '/var/lib/turnctl']);
      const before = await look();
      const { exitCode, stderr } = await onHost('fix', '--yes');
      await lab.host.must(['umount', '/var/lib/turnctl']);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/no space/i) });
      expect(await look()).toEqual(before);
    });

    test('a read-only /etc', async () => {
      lab.host.writeFile('/etc/turnserver.conf', `no-stun\n${SOUND.join('\n')}\n`);
      await lab.host.must(['mount', '--bind', '/etc', '/etc']);
      await lab.host.must(['mount', '-o', 'remount,bind,ro', '/etc']);
      expect(await refused()).toContain('the file system is read-only');
      await lab.host.must(['umount', '/etc']);
    });

    test('without a terminal and without --yes', async () => {
      const { exitCode, stderr } = await onHost('fix');
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') });
    });
  });
});
