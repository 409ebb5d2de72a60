import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { restartCoturn, SECRET, SOUND } from './coturn.ts';
import type { LabHost } from './host.ts';
import { turnctl, type Vantage } from './turnctl.ts';

/** One thing wrong with the host of `startCoturnLab`, and what is to be said of it. */
export interface LabFault {
  readonly name: string;
  /** Of turnserver.conf. Default `SOUND`. */
  readonly lines?: readonly string[];
  /** coturn cannot bind, and tries for a minute before it gives up. */
  readonly cannotBind?: true;
  /** Before coturn is started anew, and after it. */
  readonly before?: (host: LabHost) => Promise<unknown>;
  readonly after?: (host: LabHost, elsewhere: Vantage) => Promise<unknown>;
  readonly undo?: (host: LabHost) => Promise<unknown>;
  /** For turnctl on the host. */
  readonly argv?: readonly string[];
  /** For `bundle create` besides. */
  readonly bundleArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Words in front of turnctl: another user. */
  readonly as?: readonly string[];
  /** Exactly these, as `causes` gives them. */
  readonly causes: readonly string[];
  readonly exitCode: number;
  /** What the first finding of a rule shows. */
  readonly shows?: {
    readonly id: string;
    readonly in: 'message' | 'evidence';
    readonly text: string | RegExp;
  };
  /** What must be skipped, and why. */
  readonly skips?: Readonly<Record<string, RegExp>>;
  /** What must have passed, so that it is not even of interest. */
  readonly passes?: readonly string[];
  /** What somebody sees who has nothing but the server's address. */
  readonly elsewhere?: {
    readonly argv: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly causes: readonly string[];
  };
}

const REDIS = 'redis-userdb=ip=127.0.0.1 dbname=2 password=aPasswordOfRedis port=6379';
const UDP = 'turn:203.0.113.10:3478?transport=udp';

/** The sound lines without those of these options, and with these instead. */
const without = (options: RegExp, ...lines: readonly string[]): readonly string[] => [
  ...SOUND.filter(line => !options.test(line.split('=', 1)[0]!)),
  ...lines,
];
const and = (...lines: readonly string[]): readonly string[] => [...SOUND, ...lines];

const run =
  (script: string) =>
  (host: LabHost): Promise<string> =>
    host.must(['sh', '-ec', script]);

const LOG = '/var/log/turnserver/turn.log';

/** Makes the host what the fault says. */
export async function arrange(
  { before, lines = SOUND, cannotBind, after }: LabFault,
  host: LabHost,
  elsewhere: Vantage,
): Promise<void> {
  // What an earlier fault left in the log is none of this one's.
  await host.must(['rm', '-f', LOG]);
  await before?.(host);
  await restartCoturn(host, lines, { wait: cannotBind !== true });
  if (cannotBind) await until(host, `grep -q 'Trying to bind' ${LOG}`);
  await after?.(host, elsewhere);
}

/** What a careful operator writes, but for the ports that a test leaves out. */
const firewall = (...udp: readonly string[]): string => `
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport { 22, 3478, 5349 } accept
    ${udp.map(rule => `${rule} accept`).join('\n    ')}
  }
}
`;

/** These rules loaded, and nothing else let in. */
const nft = (...udp: readonly string[]): Pick<LabFault, 'after' | 'undo'> => ({
  async after(host) {
    host.writeFile('/etc/nftables.conf', firewall(...udp));
    await host.must(['nft', '-f', '/etc/nftables.conf']);
  },
  undo: run('nft flush ruleset'),
});

/** Another certificate in the place of the lab's; both files come back afterwards. */
const certificate = (
  { days = 90, names = 'DNS:turn.example.org,IP:203.0.113.10,IP:2001:db8::10' }: Certificate,
  more = '',
): Pick<LabFault, 'before' | 'undo'> => ({
  before: run(`cd /etc/coturn; mkdir kept; cp -p turn.pem turn.key kept/
    openssl req -newkey rsa:2048 -nodes -subj '/CN=turn.example.org' -keyout new.key -out new.csr
    printf 'subjectAltName=${names}\\n' >extensions
    openssl x509 -req -in new.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days ${days} -extfile extensions -out new.pem
    cat new.pem >turn.pem; cat new.key >turn.key; ${more}`),
  undo: run('cd /etc/coturn; cp -p kept/* .; rm -r kept'),
});
interface Certificate {
  readonly days?: number;
  readonly names?: string;
}

const NOBODY = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups', '--'];

/** Started by hand, as somebody does who tries something out and forgets it. */
const second = (user: string): Pick<LabFault, 'after' | 'undo'> => ({
  async after(host) {
    const lines = without(/^(static-auth-secret|log-file|tls-listening-port|cert|pkey)$/);
    host.writeFile('/etc/second.conf', [...lines, 'static-auth-secret=aSecretOfTheOtherOne', ''].join('\n'));
    await host.must(['install', '-d', '-o', user, '/run/second']);
    const options = '-c /etc/second.conf --pidfile /run/second/pid --log-file /run/second/log -o';
    await host.must(['setpriv', '--reuid', user, '--clear-groups', 'turnserver', ...options.split(' ')]);
    await until(host, 'ss -lunpH \'sport = 3478\' | grep -q "pid=$(cat /run/second/pid),"');
  },
  undo: run('kill -9 $(cat /run/second/pid); rm -r /run/second /etc/second.conf'),
});

/** Another program that listens where coturn wants to. */
const taken = (listen: string): Pick<LabFault, 'before' | 'undo'> => ({
  async before(host) {
    await host.must(['systemctl', 'stop', 'coturn']);
    await host.must(['systemd-run', '--unit=taker', process.execPath, '-e', listen]);
    await until(host, "ss -lntuH 'sport = 3478' | grep -q .");
  },
  undo: run('systemctl stop taker'),
});

async function until(host: LabHost, condition: string): Promise<void> {
  for (let tries = 0; (await host.exec(['sh', '-c', condition])).exitCode !== 0; tries++) {
    if (tries > 200) throw new Error(`it never came to: ${condition}`);
    await delay(50);
  }
}

/** A program in whose place another one waits. */
const hang = (path: string) =>
  run(`mv ${path} ${path}.kept; printf '#!/bin/sh\\nexec sleep 1000\\n' >${path}; chmod 0755 ${path}`);
const unhang = (path: string) => run(`mv ${path}.kept ${path}`);

/** A credential of the lab's secret. */
const credential = (username: string, encoding: 'base64' | 'hex' = 'base64') => ({
  argv: ['--user', username],
  env: { TURNCTL_PASSWORD: createHmac('sha1', SECRET).update(username).digest(encoding) },
});
const now = (): number => Math.floor(Date.now() / 1000);

/** Every fault of the lab that one host can have. Each is diagnosed there, and from its bundle somewhere else. */
export const LAB_FAULTS: readonly LabFault[] = [
  {
    name: 'nothing',
    causes: [],
    exitCode: 0,
    elsewhere: { argv: ['203.0.113.10'], causes: [] },
  },
  {
    name: 'nothing: a log in which users are called what reports call a state',
    after: run(
      `for name in systemd missing allocated elsewhere listener; do echo "user=$name" >>${LOG}; done`,
    ),
    causes: [],
    exitCode: 0,
  },
  // Listeners.
  {
    name: 'no-stun',
    lines: and('no-stun'),
    causes: ['error listener/no-stun'],
    exitCode: 1,
    shows: { id: 'listener/no-stun', in: 'evidence', text: /Allocate: answered.*Binding: silent/ },
  },
  { name: 'no-tcp-relay', lines: and('no-tcp-relay'), causes: ['warning relay/no-tcp-relay'], exitCode: 0 },
  { name: 'stun-only', lines: and('stun-only'), causes: ['error listener/stun-only'], exitCode: 1 },
  { name: 'secure-stun', lines: and('secure-stun'), causes: ['warning listener/secure-stun'], exitCode: 0 },
  {
    name: 'a listening-ip of no interface',
    cannotBind: true,
    lines: without(/^listening-ip$/, 'listening-ip=203.0.113.77'),
    causes: ['error listener/address-not-local'],
    exitCode: 1,
  },
  {
    name: 'a port below 1024',
    cannotBind: true,
    lines: without(/^listening-port$/, 'listening-port=443'),
    causes: ['error listener/privileged-port'],
    exitCode: 1,
  },
  {
    name: 'a telnet CLI that everybody reaches',
    lines: and('cli-ip=203.0.113.10', 'cli-password=qwerty-of-the-lab'),
    causes: ['warning listener/cli-exposed'],
    exitCode: 0,
  },
  {
    name: 'an alternate server that does not answer',
    lines: and('alternate-server=203.0.113.88:3478'),
    causes: ['error listener/alternate-server-unusable'],
    exitCode: 1,
  },
  // The relay.
  {
    name: 'min-port above max-port',
    lines: without(/^m..-port$/, 'min-port=50000', 'max-port=49000'),
    causes: ['error relay/port-range-inverted'],
    exitCode: 1,
  },
  {
    name: 'a relay-ip of no interface',
    lines: without(/^relay-ip$/, 'relay-ip=198.51.100.7'),
    causes: ['error relay/address-not-local'],
    exitCode: 1,
  },
  {
    name: 'a relay range of ten ports',
    lines: without(/^max-port$/, 'max-port=49169'),
    causes: ['error relay/port-range-too-small'],
    exitCode: 1,
  },
  {
    name: 'total-quota',
    lines: and('total-quota=1'),
    causes: ['error capacity/total-quota-too-small'],
    exitCode: 1,
  },
  {
    name: 'user-quota',
    lines: and('user-quota=1'),
    causes: ['error capacity/user-quota-too-small'],
    exitCode: 1,
  },
  {
    name: 'bps-capacity without max-bps',
    lines: and('bps-capacity=1000000'),
    causes: ['error capacity/bps-capacity-without-max-bps'],
    exitCode: 1,
  },
  // Addresses.
  {
    name: 'external-ip the wrong way round',
    lines: and('external-ip=10.9.8.7/203.0.113.10'),
    causes: ['error nat/external-ip-reversed', 'warning peers/private-allowed'],
    exitCode: 1,
  },
  {
    name: 'external-ip for an address the host does not have',
    lines: and('external-ip=203.0.113.40/10.9.8.7'),
    causes: ['error nat/external-ip-unmapped'],
    exitCode: 1,
  },
  {
    name: 'external-ip for one family alone',
    lines: and('external-ip=198.51.100.9'),
    causes: ['warning nat/external-ip-family'],
    exitCode: 0,
  },
  // Authentication.
  { name: 'no authentication', lines: without(/auth/), causes: ['error auth/anonymous-relay'], exitCode: 1 },
  { name: 'no realm', lines: without(/^realm$/), causes: ['error auth/realm-missing'], exitCode: 1 },
  {
    name: 'no secret',
    lines: without(/^static-auth-secret$/),
    causes: ['error auth/secret-missing'],
    exitCode: 1,
  },
  {
    name: 'accounts beside a secret',
    lines: and('user=ada:aPasswordOfAda', 'lt-cred-mech'),
    causes: ['error auth/secret-overrides-users'],
    exitCode: 1,
  },
  {
    name: 'accounts alone, one of them malformed',
    lines: without(/auth/, 'lt-cred-mech', 'user=ada:aPasswordOfAda', 'user=grace'),
    causes: ['error auth/user-malformed'],
    exitCode: 1,
  },
  // Credentials.
  {
    name: 'a wrong secret',
    env: { TURNCTL_SECRET: 'another-secret-of-the-lab' },
    causes: ['error credentials/secret-mismatch'],
    exitCode: 1,
    elsewhere: {
      argv: ['203.0.113.10'],
      env: { TURNCTL_SECRET: 'another-secret-of-the-lab' },
      causes: ['error credentials/secret-mismatch'],
    },
  },
  {
    name: 'an expired credential',
    ...credential(`${now() - 3600}:ada`),
    causes: ['error credentials/expired'],
    exitCode: 1,
  },
  {
    name: 'a time in milliseconds',
    ...credential(`${(now() + 3600) * 1000}:ada`),
    causes: ['error credentials/timestamp-in-milliseconds'],
    exitCode: 1,
  },
  {
    name: 'a user id in front of the time',
    ...credential(`4711:${now() + 3600}`),
    causes: ['error credentials/username-order'],
    exitCode: 1,
  },
  {
    name: 'a password in hexadecimal',
    ...credential(`${now() + 3600}:ada`, 'hex'),
    causes: ['error credentials/password-encoding'],
    exitCode: 1,
  },
  {
    name: 'a credential endpoint that is down',
    argv: ['--api', 'http://127.0.0.1:8787/'],
    causes: ['error credentials/endpoint-unavailable'],
    exitCode: 1,
  },
  // Peers.
  {
    name: 'private peers',
    lines: without(/^denied-peer-ip$/),
    causes: ['warning peers/loopback-allowed', 'warning peers/private-allowed'],
    exitCode: 0,
  },
  {
    name: 'no peer on the Internet',
    lines: and('denied-peer-ip=0.0.0.1-255.255.255.254'),
    causes: ['error peers/own-address-denied', 'error peers/public-denied'],
    exitCode: 1,
  },
  {
    name: 'nothing: the peers that were refused are those that turnctl asked for',
    lines: and('denied-peer-ip=203.0.113.30'),
    async after(_host, elsewhere) {
      const env = { TURNCTL_SECRET: SECRET };
      for (const kind of ['peers', 'turn']) await turnctl(elsewhere, ['probe', kind, '203.0.113.10'], env);
    },
    causes: [],
    exitCode: 0,
    passes: ['peers/needed-peer-denied'],
  },
  // The firewall.
  {
    name: 'a firewall that lets in what is needed',
    ...nft('udp dport 3478', 'udp dport 49160-49260'),
    causes: [],
    exitCode: 0,
    elsewhere: { argv: [UDP], causes: [] },
  },
  {
    name: 'the relay range closed',
    ...nft('udp dport 3478'),
    causes: ['error firewall/relay-range-closed'],
    exitCode: 1,
    shows: { id: 'firewall/relay-range-closed', in: 'message', text: '49160' },
    elsewhere: { argv: [UDP], causes: ['error firewall/relay-range-closed'] },
  },
  {
    name: '3478/udp closed',
    ...nft('udp dport 49160-49260'),
    causes: ['error firewall/listening-port-closed'],
    exitCode: 1,
    shows: { id: 'firewall/listening-port-closed', in: 'message', text: '3478/udp' },
    elsewhere: { argv: ['203.0.113.10'], causes: ['error firewall/listening-port-closed'] },
  },
  {
    name: 'the relay range open to one network alone',
    ...nft('udp dport 3478', 'ip saddr 198.51.100.0/24 udp dport 49160-49260'),
    causes: ['warning firewall/relay-range-closed'],
    exitCode: 0,
  },
  // The service.
  {
    name: 'a program that may not be started',
    before: run('chmod 0644 /usr/bin/turnserver'),
    undo: run('chmod 0755 /usr/bin/turnserver'),
    causes: ['error service/not-running'],
    exitCode: 1,
    shows: { id: 'service/not-running', in: 'evidence', text: 'Permission denied' },
  },
  {
    name: 'a stopped service',
    after: run('systemctl stop coturn'),
    causes: ['error service/not-running'],
    exitCode: 1,
  },
  {
    name: 'a service that does not start with the host',
    before: run('systemctl disable coturn'),
    undo: run('systemctl enable coturn'),
    causes: ['warning service/not-enabled'],
    exitCode: 0,
  },
  {
    name: 'a file that changed since the start',
    after: run("touch -d '+5 minutes' /etc/turnserver.conf"),
    causes: ['warning service/restart-pending'],
    exitCode: 0,
  },
  {
    name: 'proc-user that nobody is',
    lines: and('proc-user=nobody-here'),
    causes: ['error service/unknown-user'],
    exitCode: 1,
  },
  ...['turnserver', 'root'].map(
    (user): LabFault => ({
      name: `a second turnserver, of the user ${user}`,
      ...second(user),
      causes: ['error service/second-instance'],
      exitCode: 1,
      shows: { id: 'service/second-instance', in: 'message', text: '3478/udp' },
    }),
  ),
  {
    name: '3478/udp taken by another program',
    cannotBind: true,
    ...taken(`require('dgram').createSocket('udp4').bind(3478, '203.0.113.10')`),
    causes: ['error service/not-running'],
    exitCode: 1,
  },
  {
    name: '3478/tcp taken by another program',
    cannotBind: true,
    ...taken(`require('net').createServer().listen(3478, '203.0.113.10')`),
    causes: ['error service/not-running'],
    exitCode: 1,
  },
  // TLS.
  {
    name: 'an expired certificate',
    ...certificate({ days: -1 }),
    causes: ['error tls/certificate-expired'],
    exitCode: 1,
  },
  {
    name: "another certificate's key",
    ...certificate({}, 'cat ca.key >turn.key'),
    causes: ['error tls/key-mismatch'],
    exitCode: 1,
  },
  {
    name: 'a key of root alone',
    before: run('chown root:root /etc/coturn/turn.key'),
    undo: run('chown turnserver:turnserver /etc/coturn/turn.key'),
    causes: ['error tls/key-unreadable'],
    exitCode: 1,
  },
  {
    name: 'no certificate file',
    lines: without(/^cert$/, 'cert=/etc/coturn/none.pem'),
    causes: ['error tls/key-unreadable'],
    exitCode: 1,
  },
  {
    name: 'a renewed certificate that coturn has not read',
    before: certificate({}).before!,
    after: run(
      'cd /etc/coturn; cp kept/turn.pem turn.pem; cp kept/turn.key turn.key; touch -d +1minute turn.pem',
    ),
    undo: certificate({}).undo!,
    causes: ['error tls/not-reloaded'],
    exitCode: 1,
  },
  {
    name: 'an authority that nobody trusts',
    env: { NODE_EXTRA_CA_CERTS: '' },
    causes: ['error tls/untrusted'],
    exitCode: 1,
  },
  // Files.
  {
    name: 'a configuration that coturn cannot read',
    before: run('chown root:root /etc/turnserver.conf; chmod 0600 /etc/turnserver.conf'),
    undo: run('chown root:turnserver /etc/turnserver.conf; chmod 0640 /etc/turnserver.conf'),
    causes: ['error config/unreadable'],
    exitCode: 1,
  },
  {
    name: 'a misspelt option, a comment behind a value and a placeholder',
    lines: without(
      /^(fingerprint|realm)$/,
      'fingerprnt',
      'realm=turn.example.org # ours',
      'external-ip=YOUR_PUBLIC_IP',
    ),
    causes: [
      'error config/inline-comment',
      'error config/unknown-option',
      'error nat/external-ip-invalid',
      'warning config/placeholder',
    ],
    exitCode: 1,
  },
  {
    name: 'a folder for the log that is not there',
    lines: without(/^log-file$/, 'log-file=/var/log/nowhere/turn.log'),
    causes: ['warning logging/unwritable'],
    exitCode: 0,
  },
  {
    name: 'a database that does not answer',
    lines: and(REDIS),
    causes: ['error database/unreachable'],
    exitCode: 1,
  },
  // What cannot be seen.
  {
    name: 'an ordinary user',
    as: NOBODY,
    causes: [],
    exitCode: 3,
    skips: {
      'listener/no-stun': /not readable for this user|no Binding/,
      'firewall/relay-range-closed': /permi|root/,
    },
  },
  {
    name: 'a tool that hangs',
    before: hang('/usr/sbin/nft'),
    undo: unhang('/usr/sbin/nft'),
    argv: ['--timeout', '2'],
    bundleArgv: ['--collector-timeout', '2'],
    causes: [],
    exitCode: 0,
    skips: { 'firewall/relay-range-closed': /\(.*nft/ },
  },
];
