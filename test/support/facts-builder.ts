import { readConfig } from '../../src/config/read-config.ts';
import { unknownFacts } from '../../src/facts/unknown-facts.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { ConfigFact, FactName, Facts, FactValues } from '../../src/model/facts.ts';
import type { Observation } from '../../src/model/observation.ts';
import { clientOf } from './call-records.ts';
import { allocated, binding, dataPath, serverAddress } from './observations.ts';

/** The file of a sound deployment: shared secret, a realm, private peers denied. */
export const healthyLines = [
  `listening-ip=${serverAddress.ip}`,
  `relay-ip=${serverAddress.ip}`,
  'listening-port=3478',
  'tls-listening-port=5349',
  'min-port=49152',
  'max-port=65535',
  'realm=turn.example.org',
  'use-auth-secret',
  'static-auth-secret=q7Vb2mZk0sXe9RwT4uYh',
  'cert=/etc/coturn/turn.pem',
  'pkey=/etc/coturn/turn.key',
  'no-cli',
  'no-multicast-peers',
  'denied-peer-ip=10.0.0.0-10.255.255.255',
  'denied-peer-ip=100.64.0.0-100.127.255.255',
  'denied-peer-ip=169.254.0.0-169.254.255.255',
  'denied-peer-ip=172.16.0.0-172.31.255.255',
  'denied-peer-ip=192.168.0.0-192.168.255.255',
  'verbose',
  'simple-log',
  'log-file=/var/log/turnserver/turn.log',
];

export const configPath = '/etc/turnserver.conf';

const observedAt = '2026-01-31T12:00:00.000Z';

const configOf = (lines: readonly string[]): ConfigFact =>
  readConfig(new TextEncoder().encode(`${lines.join('\n')}\n`), { path: configPath, foundBy: 'unit' });

const argv = ['/usr/bin/turnserver', '-c', configPath, '--pidfile='];

/** Debian's coturn as a systemd unit on a host with one public address, all well. */
const healthy: Omit<FactValues, 'upgrade'> = {
  version: { version: '4.6.1', origin: 'running' },
  config: configOf(healthyLines),
  configFile: {
    path: configPath,
    owner: 'root',
    group: 'turnserver',
    mode: 0o640,
    modifiedAt: '2026-01-30T08:00:00.000Z',
    readableByService: true,
  },
  service: {
    manager: 'systemd',
    name: 'coturn.service',
    load: 'loaded',
    active: 'active',
    sub: 'running',
    enabled: 'enabled',
    result: 'success',
    mainPid: 4711,
    restarts: 0,
    user: 'turnserver',
    group: 'turnserver',
    argv,
    fragments: ['/lib/systemd/system/coturn.service'],
    capabilities: [],
    privateTmp: true,
    startedAt: '2026-01-31T08:00:00.000Z',
    journal: known([]),
  },
  processes: [
    {
      pid: 4711,
      user: 'turnserver',
      argv,
      startedAt: '2026-01-31T08:00:00.000Z',
      sameNetwork: true,
      unit: 'coturn.service',
    },
  ],
  sockets: [
    { protocol: 'udp', ...serverAddress, pid: 4711, program: 'turnserver' },
    { protocol: 'tcp', ...serverAddress, pid: 4711, program: 'turnserver' },
    { protocol: 'tcp', ip: serverAddress.ip, port: 5349, pid: 4711, program: 'turnserver' },
  ],
  addresses: [
    { interface: 'lo', ip: '127.0.0.1', prefixLength: 8, scope: 'host' },
    { interface: 'eth0', ip: serverAddress.ip, prefixLength: 24, scope: 'global' },
  ],
  accounts: { missing: [] },
  tlsFiles: {
    certificateFile: {
      path: '/etc/coturn/turn.pem',
      exists: true,
      readableByService: true,
      modifiedAt: '2026-01-30T08:00:00.000Z',
    },
    keyFile: {
      path: '/etc/coturn/turn.key',
      exists: true,
      readableByService: true,
      modifiedAt: '2026-01-30T08:00:00.000Z',
    },
    certificate: known({
      subject: 'CN=turn.example.org',
      issuer: 'CN=Example CA',
      names: ['turn.example.org'],
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2026-04-01T00:00:00.000Z',
      fingerprint256: 'AA:BB',
      keyType: 'rsa',
      chainLength: 2,
      selfSigned: false,
    }),
    key: known({ encrypted: false, matchesCertificate: true }),
  },
  firewall: {
    manager: 'nftables',
    inbound: (['ipv4', 'ipv6'] as const).flatMap(family =>
      (['udp', 'tcp'] as const).map(protocol => ({
        family,
        protocol,
        from: 0,
        to: 65_535,
        verdict: 'open' as const,
        by: 'chain input { policy accept; }',
      })),
    ),
  },
  log: {
    destination: 'file',
    configured: '/var/log/turnserver/turn.log',
    actual: '/var/log/turnserver/turn.log',
    folderWritable: true,
  },
  logLines: { source: '/var/log/turnserver/turn.log', lines: [] },
  kernel: { unprivilegedPortStart: 1024 },
  containers: [],
  wire: { vantage: 'elsewhere', server: 'coturn', observations: [binding(), allocated(), dataPath()] },
  credential: {
    origin: 'configuration',
    username: '1769864400:turnctl',
    expiresAt: 1_769_864_400,
    passwordForm: 'base64-sha1',
  },
  endpoint: {
    outcome: 'answered',
    url: 'https://app.example.org/turn',
    status: 200,
    uris: ['turn:turn.example.org:3478?transport=udp', 'turns:turn.example.org:5349?transport=tcp'],
    username: '1769864400:alice',
    hasPassword: true,
    ttlSeconds: 3600,
    ms: 20,
    problems: [],
  },
  client: clientOf(),
};

const factNames = Object.keys(healthy) as (keyof typeof healthy)[];

/** Facts for a test, changed one at a time. Every method returns a new builder. */
export interface FactsBuilder {
  readonly facts: Facts;
  /** Replaces the file by these lines, read as coturn reads them. */
  withConfig(...lines: string[]): FactsBuilder;
  /** Adds lines at the end of the file. */
  adding(...lines: string[]): FactsBuilder;
  /** Takes out the lines that set these options. */
  removing(...options: string[]): FactsBuilder;
  with(values: Partial<FactValues>): FactsBuilder;
  without(...names: FactName[]): FactsBuilder;
  /** Judged as this coturn. */
  asVersion(version: string): FactsBuilder;
  /** What was seen on the wire, in place of the healthy answers. */
  seeing(...observations: Observation[]): FactsBuilder;
  /** The same, from the server's own host. */
  seeingFromHost(...observations: Observation[]): FactsBuilder;
}

function builder(facts: Facts, lines: readonly string[]): FactsBuilder {
  const changed = (values: Partial<FactValues>): Facts => ({
    ...facts,
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, known(value)])),
  });
  const withLines = (next: readonly string[]) => builder(changed({ config: configOf(next) }), next);
  const wire = (vantage: 'elsewhere' | 'server-host', observations: readonly Observation[]) =>
    builder(changed({ wire: { vantage, server: 'coturn', observations } }), lines);
  return {
    facts,
    withConfig: (...next) => withLines(next),
    adding: (...more) => withLines([...lines, ...more]),
    removing: (...options) => withLines(lines.filter(line => !options.includes(line.split(/[=\s]/)[0]!))),
    with: values => builder(changed(values), lines),
    without: (...names) =>
      builder({ ...facts, ...Object.fromEntries(names.map(name => [name, unknown(`no ${name}`)])) }, lines),
    asVersion: version => builder(changed({ version: { version, origin: 'asked' } }), lines),
    seeing: (...observations) => wire('elsewhere', observations),
    seeingFromHost: (...observations) => wire('server-host', observations),
  };
}

/** Everything is known, and all is well. */
export const deployment: FactsBuilder = builder(
  {
    ...unknownFacts(observedAt, 'nobody asked'),
    ...Object.fromEntries(factNames.map(name => [name, known(healthy[name])])),
  },
  healthyLines,
);

const onlyKnowing = (...names: FactName[]) =>
  deployment.without(...factNames.filter(name => !names.includes(name)));

/** What `lint` knows: the file and the version. */
export const fileAlone: FactsBuilder = onlyKnowing('version', 'config');

/** What is known of a server of somebody else: the wire. */
export const wireAlone: FactsBuilder = onlyKnowing('version', 'wire');
