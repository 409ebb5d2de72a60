import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, REALM, restartCoturn, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { exec } from '../lab/exec.ts';
import { type LabHost, repository } from '../lab/host.ts';
import { causes, diagnose, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();
const template = (name: string): string => join(repository, 'templates', name);
const FILE = '/etc/turnserver.conf';
const HOOK = '/etc/letsencrypt/renewal-hooks/deploy/coturn';
const LIVE = `/etc/letsencrypt/live/${REALM}`;

const shell = (host: LabHost, script: string) => host.must(['sh', '-ec', script]);

describe.skipIf(available !== true)(`templates${available === true ? '' : ` (${available})`}`, () => {
  let lab: CoturnLab;
  let host: LabHost;
  beforeAll(async () => {
    lab = await startCoturnLab({ units: ['coturn.service', 'dbus.service'] });
    host = lab.host;
    await restartCoturn(host, SOUND);
  });
  afterAll(() => lab?.close());

  /** Fingerprint of what coturn serves to a new connection. */
  const served = (port = 5349) =>
    shell(
      host,
      `openssl s_client -connect 203.0.113.10:${port} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256`,
    );
  const fingerprint = (path: string) => shell(host, `openssl x509 -in ${path} -noout -fingerprint -sha256`);
  const firewallCauses = async () =>
    causes(await diagnose(host, [], lab.trust.onHost)).filter(cause => cause.includes(' firewall/'));

  describe('ufw-coturn', () => {
    beforeAll(async () => {
      await host.must(['install', '-m', '0644', template('ufw-coturn'), '/etc/ufw/applications.d/coturn']);
      await host.must(['ufw', '--force', 'enable']);
    });
    afterAll(async () => {
      await host.exec(['ufw', '--force', 'disable']);
    });

    test('ufw takes both profiles', async () => {
      expect(await host.must(['ufw', 'app', 'info', 'coturn'])).toContain('3478,49152:65535/udp');
      expect(await host.must(['ufw', 'app', 'info', 'coturn 443'])).toContain('3478,443/tcp');
    });

    test('it opens what coturn needs', async () => {
      expect(await firewallCauses()).not.toEqual([]);
      await host.must(['ufw', 'allow', 'coturn']);
      expect(await firewallCauses()).toEqual([]);
    });
  });

  describe('firewalld-coturn.xml', () => {
    beforeAll(async () => {
      await host.must([
        'install',
        '-D',
        '-m',
        '0644',
        template('firewalld-coturn.xml'),
        '/etc/firewalld/services/coturn.xml',
      ]);
      await host.must(['systemctl', 'start', 'firewalld']);
    });
    afterAll(async () => {
      await host.exec(['systemctl', 'stop', 'firewalld']);
    });

    test('firewalld takes it', async () => {
      await host.must(['firewall-offline-cmd', '--check-config']);
      expect(await host.must(['firewall-cmd', '--info-service=coturn'])).toContain(
        'ports: 3478/udp 3478/tcp 5349/tcp 49152-65535/udp',
      );
    });

    test('it opens what coturn needs', async () => {
      expect(await firewallCauses()).not.toEqual([]);
      await host.must(['firewall-cmd', '--permanent', '--add-service=coturn']);
      await host.must(['firewall-cmd', '--reload']);
      expect(await firewallCauses()).toEqual([]);
    });
  });

  describe('systemd-coturn.conf', () => {
    const dropIn = '/etc/systemd/system/coturn.service.d/turnctl.conf';
    const onPort443 = SOUND.map(line => line.replace(/^(tls-listening-port)=.*/, '$1=443'));

    test('systemd takes it, and coturn serves TLS on a port below 1024', async () => {
      await host.must(['install', '-D', '-m', '0644', template('systemd-coturn.conf'), dropIn]);
      const verified = await host.exec(['systemd-analyze', 'verify', 'coturn.service']);
      expect(verified.stderr).not.toContain(dropIn);
      await host.must(['systemctl', 'daemon-reload']);
      await restartCoturn(host, onPort443);
      expect(await served(443)).toBe(await fingerprint('/etc/coturn/turn.pem'));
      expect(await host.must(['systemctl', 'show', '-p', 'User,LimitNOFILE', 'coturn'])).toBe(
        'LimitNOFILE=262144\nUser=turnserver\n',
      );
    });

    test('it starts coturn again whatever has ended it', async () => {
      const pid = () => host.must(['systemctl', 'show', '-p', 'MainPID', '--value', 'coturn']);
      const first = await pid();
      await host.must(['kill', '-KILL', first.trim()]);
      await vi.waitFor(
        async () => {
          expect(await host.must(['systemctl', 'is-active', 'coturn'])).toBe('active\n');
          expect(await pid()).not.toBe(first);
        },
        { timeout: 20_000, interval: 250 },
      );
    });
  });

  describe('certbot-hook.sh', () => {
    /** A new key and certificate where certbot keeps its own, closed to everyone but root. */
    const renew = (name = REALM) =>
      shell(
        host,
        `
        install -d -m 0700 /etc/letsencrypt/live /etc/letsencrypt/live/${name}
        cd /etc/letsencrypt/live/${name}
        openssl req -newkey rsa:2048 -nodes -subj /CN=${name} -keyout privkey.pem -out csr 2>/dev/null
        openssl x509 -req -in csr -CA /etc/coturn/ca.pem -CAkey /etc/coturn/ca.key -CAcreateserial -days 90 \
          -extfile /etc/coturn/extensions -out fullchain.pem 2>/dev/null
        chmod 0600 privkey.pem`,
      );
    const hook = (env: Readonly<Record<string, string>>, ...argv: string[]) =>
      host.exec([HOOK, ...argv], { env });

    beforeAll(async () => {
      await host.must(['install', '-D', '-m', '0755', template('certbot-hook.sh'), HOOK]);
      await renew();
    });

    test('it is plain shell', async () => {
      await host.must(['sh', '-n', HOOK]);
      await host.must(['bash', '--posix', '-n', HOOK]);
    });

    test('before it ran, init sees that coturn cannot read the certificate, and leaves TLS off', async () => {
      const { stdout } = await turnctl(host, ['init', '--yes', '--force', '--output', FILE]);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
        `The certificate ${LIVE}/fullchain.pem was not used: /etc/letsencrypt/live: turnserver may not enter it.`,
      );
      expect(host.readFile(FILE)).toContain('\nno-tls\n');
    });

    test('for the first time by hand; then init finds the copies, and diagnose says ok', async () => {
      expect(await hook({}, LIVE)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(
        await host.must(['stat', '-c', '%a %U:%G', '/etc/coturn/tls', '/etc/coturn/tls/privkey.pem']),
      ).toBe('750 root:turnserver\n640 root:turnserver\n');
      const { exitCode } = await turnctl(host, ['init', '--yes', '--force', '--output', FILE]);
      expect(exitCode).toBe(0);
      expect(host.readFile(FILE)).toContain(`\nrealm=${REALM}\n`);
      await host.must(['systemctl', 'restart', 'coturn']);
      const diagnosis = await diagnose(host, [], lab.trust.onHost);
      expect(causes(diagnosis)).toEqual([]);
      expect(diagnosis.verdict.status).toBe('ok');
    });

    test('after a renewal coturn serves the new certificate without a restart', async () => {
      const pid = () => host.must(['systemctl', 'show', '-p', 'MainPID', '--value', 'coturn']);
      const [before, running] = [await served(), await pid()];
      await renew();
      const after = await fingerprint(`${LIVE}/fullchain.pem`);
      expect(after).not.toBe(before);
      expect(await hook({ RENEWED_LINEAGE: LIVE, RENEWED_DOMAINS: REALM })).toMatchObject({
        exitCode: 0,
        stderr: '',
      });
      await vi.waitFor(async () => expect(await served()).toBe(after), { timeout: 10_000, interval: 100 });
      expect(await pid()).toBe(running);
    });

    test('a key of another certificate changes nothing', async () => {
      const before = await fingerprint('/etc/coturn/tls/fullchain.pem');
      await renew('mixed.example.org');
      await shell(host, `cp ${LIVE}/privkey.pem /etc/letsencrypt/live/mixed.example.org/`);
      const { exitCode, stderr } = await hook({ RENEWED_LINEAGE: '/etc/letsencrypt/live/mixed.example.org' });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('belongs to another certificate');
      expect(await fingerprint('/etc/coturn/tls/fullchain.pem')).toBe(before);
    });

    test('the certificate of another service is left alone', async () => {
      const before = await fingerprint('/etc/coturn/tls/fullchain.pem');
      await renew('www.example.org');
      const env = { RENEWED_LINEAGE: '/etc/letsencrypt/live/www.example.org', COTURN_CERTIFICATE: REALM };
      expect(await hook(env)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
      expect(await fingerprint('/etc/coturn/tls/fullchain.pem')).toBe(before);
    });

    test('without a folder it says what it wants', async () => {
      const { exitCode, stderr } = await hook({});
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain('give the folder');
    });
  });
});

/** Reads YAML as Docker does, and prints it as JSON. */
const READ_YAML = 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)';
const PYTHON = '/usr/bin/python3';

const works = (argv: readonly string[]): Promise<boolean> =>
  exec([...argv])
    .then(({ exitCode }) => exitCode === 0)
    .catch(() => false);

const yaml = await works([PYTHON, '-c', 'import yaml']);
/** The plugin of a newer Docker, or the program that Debian has. Neither needs an engine to check a file. */
const compose = (await works(['docker', 'compose', 'version']))
  ? ['docker', 'compose']
  : (await works(['docker-compose', 'version']))
    ? ['docker-compose']
    : null;

describe('docker-compose.yml', () => {
  test.skipIf(compose === null)('Compose takes it (skipped without Compose)', async () => {
    const { exitCode, stderr } = await exec([
      ...compose!,
      '-f',
      template('docker-compose.yml'),
      'config',
      '-q',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  test.skipIf(!yaml)('it says what it should (skipped without a YAML reader)', async () => {
    const input = await exec(['cat', template('docker-compose.yml')]);
    const { stdout } = await exec([PYTHON, '-c', READ_YAML], { input: input.stdout });
    expect(JSON.parse(stdout)).toEqual({
      services: {
        coturn: {
          container_name: 'coturn',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose fills it in.
          image: 'coturn/coturn:${COTURN_VERSION:-4.18.0}',
          command: ['-c', '/etc/coturn/turnserver.conf'],
          user: '65534:65534',
          network_mode: 'host',
          volumes: ['./turnserver.conf:/etc/coturn/turnserver.conf:ro', './tls:/etc/coturn/tls:ro'],
          cap_drop: ['ALL'],
          cap_add: ['NET_BIND_SERVICE'],
          ulimits: { nofile: 262144 },
          restart: 'unless-stopped',
          logging: { driver: 'local', options: { 'max-size': '50m', 'max-file': '4' } },
        },
      },
    });
  });
});
