import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Difference } from '../../src/model/bundle.ts';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, REALM, restartCoturn, SOUND, startCoturnLab } from '../lab/coturn.ts';
import type { LabHost } from '../lab/host.ts';
import { outside, PROGRAM, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();

const DROPPING = [
  'add table inet f',
  'add chain inet f input { type filter hook input priority 0; }',
  'add rule inet f input udp dport 49200-49260 drop',
].join('; ');

const DROP_IN = '/etc/systemd/system/coturn.service.d/x.conf';

/** A certificate by the lab's authority, or by itself, in the place of the one that is there. */
const certify = ({ name = REALM, days = '90', self = false }) =>
  `cd /etc/coturn && printf 'subjectAltName=DNS:${name},IP:203.0.113.10,IP:2001:db8::10\\n' >extensions && ` +
  `openssl req -new -key turn.key -subj /CN=${name} -out turn.csr && ` +
  `openssl x509 -req -in turn.csr ${self ? '-signkey turn.key' : '-CA ca.pem -CAkey ca.key -CAcreateserial'} ` +
  `-days ${days} -extfile extensions -out turn.pem`;

interface Change {
  readonly name: string;
  readonly change: (host: LabHost) => Promise<unknown>;
  readonly undo: (host: LabHost) => Promise<unknown>;
  readonly first: Partial<Difference>;
}

const configured = (name: string, lines: readonly string[], first: Partial<Difference>): Change => ({
  ...{ name, first: { area: 'configuration', ...first } },
  change: host => restartCoturn(host, lines),
  undo: host => restartCoturn(host, SOUND),
});
const without = (pattern: RegExp) => SOUND.filter(line => !pattern.test(line));
const shell = (host: LabHost, script: string) => host.must(['sh', '-ec', script]);

const ofCertificate = (name: string, script: string, first: Partial<Difference>): Change => ({
  ...{ name, first: { area: 'certificate', ...first } },
  change: async host => {
    await shell(host, `cp -p /etc/coturn/turn.pem /etc/coturn/turn.key /root/; ${script}`);
    await restartCoturn(host, SOUND);
  },
  undo: async host => {
    await shell(host, 'mv -f /root/turn.pem /root/turn.key /etc/coturn/');
    await restartCoturn(host, SOUND);
  },
});
const ofFile = (name: string, path: string, script: string, first: Partial<Difference>): Change => ({
  ...{ name, first },
  change: host => shell(host, `cp -p ${path} /root/kept; ${script}`),
  undo: host => shell(host, `cat /root/kept >${path}`),
});

const CHANGES: readonly Change[] = [
  configured('an option that was added', [...SOUND, 'no-stun'], {
    what: 'no-stun',
    good: null,
    bad: '(set)',
  }),
  configured('an option that was removed', without(/^relay-ip=203/), {
    what: 'relay-ip',
    bad: '2001:db8::10',
  }),
  configured('an option without which users are let in', without(/^denied-peer-ip=10/), {
    what: 'denied-peer-ip',
  }),
  configured('another value', [...without(/^max-port/), 'max-port=49170'], {
    what: 'max-port',
    good: '49260',
    bad: '49170',
  }),
  configured('a secret of another length', [...without(/^static/), 'static-auth-secret=q7Vb2mZk0sXe'], {
    what: 'static-auth-secret',
  }),
  ofFile(
    'a package that was upgraded',
    '/var/lib/dpkg/status',
    `sed -i '/^Package: coturn$/,/^$/s/^Version: .*/&+deb12u9/' /var/lib/dpkg/status`,
    {
      area: 'version',
      what: 'package coturn',
      bad: expect.stringMatching(/\+deb12u9$/) as unknown as string,
    },
  ),
  {
    name: 'a drop-in of the unit',
    change: async host => {
      await host.must(['mkdir', '-p', '/etc/systemd/system/coturn.service.d']);
      host.writeFile(DROP_IN, '[Service]\nLimitNOFILE=64\n');
      await host.must(['systemctl', 'daemon-reload']);
      await restartCoturn(host, SOUND);
    },
    undo: async host => {
      await host.must(['rm', DROP_IN]);
      await host.must(['systemctl', 'daemon-reload']);
      await restartCoturn(host, SOUND);
    },
    first: { area: 'unit', what: 'LimitNOFILE', good: null, bad: '64' },
  },
  {
    name: 'a rule of the firewall',
    change: host => host.must(['nft', DROPPING]),
    undo: host => host.must(['nft', 'flush', 'ruleset']),
    first: { area: 'firewall' },
  },
  ofCertificate('a certificate that was renewed', certify({ days: '60' }), { what: 'notAfter' }),
  ofCertificate('a certificate that has expired', certify({ days: '-1' }), { what: 'notAfter' }),
  ofCertificate('a certificate of another name', certify({ name: 'other.example.org' }), {
    what: 'names',
    bad: expect.stringContaining('other.example.org') as unknown as string,
  }),
  ofCertificate('a certificate that nobody signed', `${certify({ self: true })}; touch -d @0 turn.pem`, {}),
  ofCertificate('a key that coturn cannot read', 'chown root:root /etc/coturn/turn.key', {
    what: 'key file, state',
  }),
  {
    name: 'a setting of the kernel',
    change: host => host.must(['sysctl', '-w', 'net.ipv4.ip_local_port_range=40000 50000']),
    undo: host => host.must(['sysctl', '-w', 'net.ipv4.ip_local_port_range=32768 60999']),
    first: { area: 'sysctl', what: 'net.ipv4.ip_local_port_range', bad: '40000 50000' },
  },
  {
    name: 'an address that was added',
    change: host =>
      shell(
        host,
        'ip address add 203.0.113.77/24 dev "$(ip -o -4 route show | sed -n "s/.* dev \\([^ ]*\\).*/\\1/p" | head -1)"',
      ),
    undo: host =>
      shell(
        host,
        'ip address del 203.0.113.77/24 dev "$(ip -o -4 route show | sed -n "s/.* dev \\([^ ]*\\).*/\\1/p" | head -1)"',
      ),
    first: { area: 'host', good: null },
  },
  {
    name: 'an address that coturn listens on and that is gone',
    change: async host => {
      await shell(
        host,
        'ip -6 address show to 2001:db8::10 | sed -n "s/^[0-9]*: \\([^:@]*\\).*/\\1/p" >/root/interface',
      );
      await shell(host, 'ip address del 2001:db8::10/64 dev "$(cat /root/interface)"');
    },
    undo: async host => {
      await shell(host, 'ip address add 2001:db8::10/64 dev "$(cat /root/interface)" nodad');
      await restartCoturn(host, SOUND);
    },
    first: { area: 'host', bad: null },
  },
  ofFile('another name server', '/etc/resolv.conf', 'echo nameserver 192.0.2.53 >/etc/resolv.conf', {
    area: 'host',
    what: 'resolver',
  }),
  ofFile('another address of a name', '/etc/hosts', `echo 192.0.2.9 ${REALM} >>/etc/hosts`, {
    area: 'host',
    what: 'hosts',
  }),
  {
    name: 'the clock',
    change: host => host.must(['timedatectl', 'set-timezone', 'Asia/Kolkata']),
    undo: host => host.must(['timedatectl', 'set-timezone', 'Etc/UTC']),
    first: { area: 'host', what: 'clock Timezone', bad: 'Asia/Kolkata' },
  },
  {
    name: 'a service that was stopped',
    change: host => host.must(['systemctl', 'stop', 'coturn']),
    undo: host => restartCoturn(host, SOUND),
    first: { area: 'service', what: 'active', good: 'active', bad: 'inactive' },
  },
];

describe.skipIf(available !== true)(
  `bundles of before and after${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CoturnLab;
    let folder: string;
    let before: string;
    let count = 0;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'turnctl-changes-'));
      lab = await startCoturnLab();
      await restartCoturn(lab.host, SOUND);
      before = await create();
    });
    afterAll(async () => {
      await lab?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Of the host as it is; where the archive is on the machine of this test. */
    async function create(): Promise<string> {
      const file = `/tmp/bundle-${++count}.tar.gz`;
      const result = await lab.host.exec([...PROGRAM, 'bundle', 'create', '--json', '--output', file], {
        env: lab.trust.onHost,
      });
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      const path = join(folder, `${count}.tar.gz`);
      writeFileSync(path, Buffer.from(await lab.host.must(['base64', file]), 'base64'));
      return path;
    }

    const diff = (after: string, ...flags: readonly string[]) =>
      turnctl(outside(lab.out), ['bundle', 'diff', ...flags, before, after]);

    for (const { name, change, undo, first } of CHANGES) {
      test(`${name} is named first`, async () => {
        let after: string;
        try {
          await change(lab.host);
          after = await create();
        } finally {
          await undo(lab.host);
        }
        const { exitCode, stdout } = await diff(after, '--json');
        expect(exitCode).toBe(1);
        expect(JSON.parse(stdout).differences[0]).toMatchObject(first);
        const [headline = ''] = (await diff(after)).stdout.split('\n');
        expect(headline).toContain(` first: ${JSON.parse(stdout).differences[0].what}`);
      });
    }

    test('nothing changed: nothing is said that could explain anything', async () => {
      const { stdout } = await diff(await create(), '--json');
      // Of findings those of the log may differ: it has grown by the probes.
      const explaining = JSON.parse(stdout).differences.filter(({ area }: Difference) => area !== 'finding');
      expect(explaining).toEqual([]);
    });
  },
);
