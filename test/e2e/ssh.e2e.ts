import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import type { LogSection, LogSession } from '../../src/model/log-report.ts';
import type { Check } from '../../src/model/report.ts';
import type { ServiceSection } from '../../src/model/service-state.ts';
import { labAvailable } from '../lab/available.ts';
import { callOnce } from '../lab/call-once.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { followLogs } from '../lab/followed-logs.ts';
import { holdAllocations } from '../lab/held-allocations.ts';
import { type LabHost, startHost } from '../lab/host.ts';
import { letIn } from '../lab/ssh.ts';
import { PROGRAM, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();

interface Printed {
  readonly verdict: { readonly headline: string };
  readonly checks: readonly Check[];
  readonly facts: Facts;
  readonly service: ServiceSection;
  readonly log: LogSection;
}

/** What is asked of the host; its log has grown in between, and relay sockets of the probes come and go. */
function aboutHost({ observedAt, wire, credential, sockets, logLines, service, ...rest }: Facts) {
  return { ...rest, service: service.known ? { ...service.value, journal: null } : service };
}

describe.skipIf(available !== true)(
  `turnctl on one host, coturn on another${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CoturnLab;
    let admin: LabHost;
    beforeAll(async () => {
      lab = await startCoturnLab({ units: ['coturn.service', 'ssh.service'] });
      admin = await startHost(lab.network.node('adm', ['203.0.113.20/24', '2001:db8::20/64']), { units: [] });
      admin.writeFile('/root/lab-ca.pem', lab.host.readFile('/etc/coturn/ca.pem'));
      await letIn(admin, lab.host, '203.0.113.10');
      await restartCoturn(lab.host, ['no-stun', ...SOUND]);
    });
    afterAll(async () => {
      await admin?.stop();
      await lab?.close();
    });

    const remotely = (...argv: string[]) => turnctl(admin, argv, { NODE_EXTRA_CA_CERTS: '/root/lab-ca.pem' });
    const locally = (...argv: string[]) => turnctl(lab.host, argv, lab.trust.onHost);

    async function both(...argv: string[]): Promise<readonly [here: Printed, there: Printed]> {
      const there = await remotely(...argv, '--json', '--ssh', 'turn');
      const here = await locally(...argv, '--json');
      expect({ argv, stderr: there.stderr, exitCode: there.exitCode }).toEqual({
        argv,
        stderr: here.stderr,
        exitCode: here.exitCode,
      });
      return [JSON.parse(here.stdout), JSON.parse(there.stdout)];
    }

    test('logs: the same sessions', async () => {
      const [here, there] = await both('logs');
      expect(here.log.sources).toEqual(['/var/log/turnserver/turn.log']);
      expect(here.log.starts).toBeGreaterThan(0);
      expect(there.log).toEqual(here.log);
    });

    test('logs: gzipped ones too, and a journal', async () => {
      await lab.host.must(['sh', '-c', 'gzip -c /var/log/turnserver/turn.log >/root/turn.log.gz']);
      const [here, there] = await both('logs', '/root/turn.log.gz');
      expect(here.log.starts).toBeGreaterThan(0);
      expect(there.log).toEqual(here.log);
      const missing = await remotely('logs', '--ssh', 'turn', '/var/log/no.log');
      expect(missing).toMatchObject({ exitCode: 3, stderr: 'turnctl: /var/log/no.log does not exist\n' });
    });

    test('logs --follow: sessions as they end, nothing left there, and a lost connection is told', async () => {
      const deleted = ({ ending }: LogSession) => ending === 'deleted';
      const server = { ip: '203.0.113.10', port: 3478, secret: SECRET };
      const gone = (program: string) =>
        vi.waitFor(async () => expect((await lab.host.exec(['pgrep', '-x', program])).stdout).toBe(''), {
          timeout: 30_000,
          interval: 100,
        });
      const path = '/var/log/turnserver/turn.log';
      const logs = followLogs(admin, ['--ssh', 'turn']);
      await callOnce(lab.out, server);
      await logs.session(deleted);
      await lab.host.must(['mv', path, `${path}.1`]);
      await lab.host.must(['systemctl', 'kill', '--signal=HUP', 'coturn']);
      await vi.waitFor(() => lab.host.must(['test', '-e', path]), { timeout: 30_000, interval: 50 });
      await callOnce(lab.out, server);
      await logs.session(() => logs.sessions.filter(deleted).length === 2);
      expect(await logs.interrupt()).toBe(0);
      expect(logs.stderr()).toBe('');
      await gone('tail');

      const killed = followLogs(admin, ['--ssh', 'turn']);
      await killed.session(deleted);
      expect((await lab.host.exec(['pgrep', '-x', 'tail'])).stdout).not.toBe('');
      await killed.interrupt('KILL');
      await gone('tail');
      // The connection would close itself after a minute; its folder is what a kill leaves.
      await admin.must(['sh', '-c', 'pkill -x ssh; rm -r /tmp/turnctl-ssh-*']);

      const lost = followLogs(admin, ['--ssh', 'turn']);
      await lost.session(deleted);
      await lab.host.must(['pkill', '-f', '^sshd: root']);
      expect(await lost.ended).toBe(3);
      expect(lost.stderr()).toContain('the SSH connection to turn was lost');
      await gone('tail');

      await restartCoturn(lab.host, [
        'no-stun',
        ...SOUND.filter(line => !/^(?:simple-log|log-file)/.test(line)),
        'syslog',
      ]);
      const journal = followLogs(admin, ['--ssh', 'turn']);
      await callOnce(lab.out, server);
      await journal.session(deleted);
      expect(await journal.interrupt()).toBe(0);
      await gone('journalctl');
      await restartCoturn(lab.host, ['no-stun', ...SOUND]);
    }, 120_000);

    test('diagnose: the same facts of the host, and the same causes', async () => {
      const [here, there] = await both('diagnose');
      expect(aboutHost(there.facts)).toEqual(aboutHost(here.facts));
      const outcomes = ({ checks }: Printed) =>
        Object.fromEntries(checks.map(({ id, outcome, explainedBy }) => [id, { outcome, explainedBy }]));
      // What only somebody elsewhere can see of a firewall, a NAT or a name.
      const differing = Object.entries(outcomes(here)).filter(
        ([id, outcome]) => JSON.stringify(outcome) !== JSON.stringify(outcomes(there)[id]),
      );
      expect(differing.map(([id, { outcome }]) => `${id} ${outcome}`)).toEqual([
        'nat/external-ip-wrong skipped',
        'tls/name-mismatch skipped',
      ]);
      expect(there.verdict.headline).toBe(here.verdict.headline);
      expect(JSON.stringify(there)).not.toContain(SECRET);
    });

    test('bundle create: the host is read there, the bundle is written here', async () => {
      const { exitCode, stdout } = await remotely(
        ...['bundle', 'create', '--json', '--output', '/root/there.tar.gz', '--ssh', 'turn'],
      );
      expect(exitCode).toBe(0);
      const { host, members } = JSON.parse(stdout).manifest;
      expect(host).toBe((await lab.host.must(['hostname'])).trim());
      expect(members.map(({ path }: { path: string }) => path)).toContain('service/journal.txt');
      expect((await admin.must(['stat', '-c', '%a', '/root/there.tar.gz'])).trim()).toBe('600');
      const judged = await remotely('diagnose', '--json', '--from', '/root/there.tar.gz');
      expect(JSON.parse(judged.stdout).verdict.causes).toContain('listener/no-stun');
    });

    test('service status: the same', async () => {
      const [here, there] = await both('service', 'status');
      const state = ({ service }: Printed) => ({ ...service.state, uptimeSeconds: null });
      expect(state(there)).toEqual(state(here));
      expect(there.checks).toEqual(here.checks);
    });

    test('firewall plan: the same', async () => {
      const [here, there] = await both('firewall', 'plan');
      const timeless = (printed: object) => ({ ...printed, observedAt: null, timingsMs: null, target: null });
      expect(timeless(there)).toEqual(timeless(here));
    });

    test('service restart there, with the gap seen from here', async () => {
      const calls = await holdAllocations(lab.out, {
        ...{ ip: '203.0.113.10', port: 3478, secret: SECRET, count: 20 },
      });
      onTestFinished(calls.close);
      const argv = ['service', 'restart', '--yes', '--json', '--ssh', 'turn'];
      const { exitCode, stdout } = await remotely(...argv);
      expect(exitCode).toBe(0);
      // With no-stun no Binding is answered.
      expect((JSON.parse(stdout) as Printed).service.action).toMatchObject({
        ...{ kind: 'restart', up: true, allocationsLost: 20 },
        gap: { request: 'Allocate', gapMs: expect.any(Number) },
      });
      expect(await calls.alive()).toBe(0);
    });

    test('lint of a file there, whatever its name', async () => {
      const name = `/root/it's "a" $(touch pwned)\n \`b\`.conf`;
      lab.host.writeFile(name, 'realm=example.org;\nuse-auth-secret\nno-such-option\n');
      const [here, there] = await both('lint', name);
      expect(there.checks).toEqual(here.checks);
      expect(there.checks.some(({ outcome }) => outcome === 'failed')).toBe(true);
      expect((await lab.host.exec(['ls', '/root/pwned'])).exitCode).not.toBe(0);
    });

    test('lint --fix there keeps owner, mode and access list, and a backup', async () => {
      const path = '/etc/turn-fix.conf';
      lab.host.writeFile(
        path,
        'realm=example.org;\nuse-auth-secret\nstatic-auth-secret=abcdefghijklmnop\n',
        0o640,
      );
      await lab.host.must(['chown', 'root:turnserver', path]);
      await lab.host.must(['setfacl', '-m', 'u:nobody:r', path]);
      const access = () => lab.host.must(['getfacl', '--absolute-names', path]);
      const before = await access();
      const { stderr } = await remotely('lint', '--fix', path, '--ssh', 'turn');
      expect(lab.host.readFile(path)).toContain('realm=example.org\n');
      expect(await access()).toBe(before);
      const backup = /the old file is (\S+)/.exec(stderr)?.[1] ?? '';
      expect(lab.host.readFile(backup)).toContain('realm=example.org;\n');
      expect(await lab.host.must(['sh', '-c', 'ls -A /etc | grep .tmp$ || :'])).toBe('');
    });

    test('init writes there, for root and the group of coturn alone', async () => {
      const path = '/etc/turn-init.conf';
      const argv = ['init', '--yes', '--output', path, '--ssh', 'turn'];
      expect(await remotely(...argv)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await lab.host.must(['stat', '-c', '%a %U %G', path])).toBe('640 root turnserver\n');
      expect(await remotely(...argv)).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('exists already'),
      });
    });

    test('an ordinary user who may use sudo sees what root sees, and is told so', async () => {
      await lab.host.must(['useradd', '--create-home', '--shell', '/bin/sh', 'deploy']);
      lab.host.writeFile('/etc/sudoers.d/deploy', 'deploy ALL=(ALL) NOPASSWD: ALL\n', 0o440);
      await lab.host.must([
        'sh',
        '-c',
        'cp -r /root/.ssh /home/deploy/ && chown -R deploy: /home/deploy/.ssh',
      ]);
      const there = await remotely('service', 'status', '--json', '--ssh', 'deploy@turn');
      expect(there.stderr).toBe('turnctl: works on srv as root, by sudo -n\n');
      const here = await locally('service', 'status', '--json');
      const state = (text: string) => ({
        ...(JSON.parse(text) as Printed).service.state,
        uptimeSeconds: null,
      });
      expect(state(there.stdout)).toEqual(state(here.stdout));
      await lab.host.must(['rm', '/etc/sudoers.d/deploy']);
      const alone = await remotely('service', 'status', '--json', '--ssh', 'deploy@turn');
      expect(alone.stderr).toContain('is no root on srv');
      expect((JSON.parse(alone.stdout) as Printed).service.state).toMatchObject({
        allocations: { known: false },
        pid: expect.any(Number),
      });
    });

    test('Ctrl-C ends the connection too', async () => {
      const argv = [
        'timeout',
        '--preserve-status',
        '--signal=INT',
        '1',
        ...PROGRAM,
        'diagnose',
        '--ssh',
        'turn',
      ];
      expect((await admin.exec(argv)).exitCode).toBe(130);
    });

    describe('when ssh cannot', () => {
      const refused = async (destination: string) => {
        const { exitCode, stdout, stderr } = await remotely(
          'lint',
          '/etc/turnserver.conf',
          '--ssh',
          destination,
        );
        expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
        return stderr;
      };

      test('the key is refused', async () => {
        expect(await refused('nobody@203.0.113.10')).toMatch(
          /^turnctl: ssh nobody@203\.0\.113\.10 failed: it refuses the keys offered .*\n {2}See that ssh nobody/,
        );
      });

      test('the host is not known', async () => {
        const known = admin.readFile('/root/.ssh/known_hosts');
        admin.writeFile('/root/.ssh/known_hosts', '');
        expect(await refused('turn')).toContain('its host key is not in known_hosts');
        admin.writeFile('/root/.ssh/known_hosts', known);
      });

      test('nobody listens', async () => {
        expect(await refused('ssh://203.0.113.10:2')).toContain('nothing listens on its SSH port');
      });
    });

    test('nothing is left behind here or there', async () => {
      const left = async () => [
        await admin.must(['sh', '-c', 'ls /tmp | grep turnctl-ssh || :']),
        await admin.must(['sh', '-c', 'pgrep -x ssh || :']),
        await lab.host.must(['sh', '-c', 'pgrep -f "[s]h -s" || :']),
      ];
      // The other end of a connection hears of its end a moment later.
      await vi.waitFor(async () => expect(await left()).toEqual(['', '', '']), {
        timeout: 10_000,
        interval: 50,
      });
    });
  },
);
