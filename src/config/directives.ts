import { groupedBy } from '../util/grouped.ts';
import { oncePerKey } from '../util/once.ts';
import { editDistance, lettersApart, lettersOf } from '../util/text.ts';
import { type FromRelease, isAtLeast, RELEASES, valueAt } from './versions.ts';

/** What coturn makes of the value. `text` is taken as it is; `database` is a connection string. */
export type ValueType =
  | 'flag'
  | 'integer'
  | 'port'
  | 'ip'
  | 'ip-range'
  | 'external-ip'
  | 'server-address'
  | 'path'
  | 'text'
  | 'enum'
  | 'user'
  | 'database';

/**
 * What a flag's value does. `honoured`: it switches on or off. `presence`: any value, `false` too, switches on.
 * `true-only`: `false` does nothing. `no-effect`: neither does anything.
 */
export type FlagReading = 'honoured' | 'presence' | 'true-only' | 'no-effect';

/** `last`: the last line counts. `list`: every line counts. `first-plain`: pairs add up, of plain values the first counts. */
export type Repetition = 'last' | 'list' | 'first-plain';

/** What a build of coturn may lack. Debian's have neither Prometheus nor MongoDB. */
export type BuildFeature = 'sqlite' | 'postgresql' | 'mysql' | 'mongodb' | 'redis' | 'prometheus' | 'linux';

/** `full` has every feature, as the upstream container image; `debian` lacks those named above. */
export type Build = 'full' | 'debian';

export type DefaultValue = boolean | number | string | null;

/** One option of coturn, from its option table in 4.5.1.1 … 4.18.0. */
export interface Directive {
  readonly name: string;
  readonly type: ValueType;
  /** How getopt reads it on the command line. */
  readonly argument: 'required' | 'optional' | 'none';
  /** The one-letter form, command line only. */
  readonly short?: string;
  /** The letter needs a value, though the long name does not. */
  readonly shortTakesValue?: true;
  /** First and first-without release; absent where it is older than, or still in, the known ones. */
  readonly since?: string;
  readonly removed?: string;
  readonly deprecated?: string;
  /** What to write instead, or why nothing is needed. */
  readonly replacedBy?: string;
  /** Null stands for "none" or for what coturn finds out by itself. */
  readonly defaults: readonly FromRelease<DefaultValue>[];
  readonly reading: readonly FromRelease<FlagReading>[];
  readonly repetition: Repetition;
  readonly unit?: 'bytes per second' | 'seconds' | 'allocations' | 'bytes' | 'responses per second';
  readonly values?: readonly string[];
  /** Inclusive bounds of what the option means; outside, coturn clamps, ignores or misbehaves. */
  readonly min?: number;
  readonly max?: number;
  /** Longest value in bytes; the rest is cut silently. */
  readonly maxBytes?: number;
  readonly feature?: BuildFeature;
  /** The name under which every spelling of the option is kept. */
  readonly aliasOf?: string;
  /** Options that switch this one on by being there (a flag: by being on). */
  readonly impliedBy?: readonly string[];
  /** Log options are read in a pass of their own: the file beats the command line. Users are read last. */
  readonly pass: 'main' | 'log' | 'users';
  /** Part of the value that nobody may see. */
  readonly secret?: 'whole' | 'password' | 'connection';
  /** `version` stops the server when it stands in a file. */
  readonly commandLineOnly?: true;
}

type Details = Omit<Partial<Directive>, 'name' | 'type' | 'defaults' | 'reading'> & {
  readonly reading?: FlagReading | readonly FromRelease<FlagReading>[];
};

/** A default, or its history: `from('4.7.0', true, false)` was false before. */
type Default = DefaultValue | readonly FromRelease<DefaultValue>[];

const from = <T>(since: string, value: T, before: T): FromRelease<T>[] => [
  { since: RELEASES[0], value: before },
  { since, value },
];

const always = <T>(value: T | readonly FromRelease<T>[]): readonly FromRelease<T>[] =>
  Array.isArray(value) ? value : [{ since: RELEASES[0], value: value as T }];

function option(name: string, type: ValueType, byDefault: Default, details: Details = {}): Directive {
  return {
    name,
    type,
    argument: 'required',
    repetition: 'last',
    pass: 'main',
    ...details,
    defaults: always<DefaultValue>(byDefault),
    reading: always<FlagReading>(details.reading ?? 'honoured'),
  };
}

const flag = (name: string, details: Details & { readonly on?: Default } = {}): Directive => {
  const { on = false, ...rest } = details;
  return option(name, 'flag', on, { argument: 'optional', ...rest });
};
const integer = (name: string, byDefault: Default, details?: Details) =>
  option(name, 'integer', byDefault, details);
const port = (name: string, byDefault: Default, details?: Details) =>
  option(name, 'port', byDefault, { min: 0, max: 65535, ...details });
const text = (name: string, byDefault: Default = null, details?: Details) =>
  option(name, 'text', byDefault, details);
const path = (name: string, byDefault: Default = null, details?: Details) =>
  option(name, 'path', byDefault, details);
const list = (name: string, type: ValueType, details?: Details) =>
  option(name, type, null, { repetition: 'list', ...details });
const choice = (name: string, byDefault: Default, values: readonly string[], details?: Details) =>
  option(name, 'enum', byDefault, { values, ...details });
const database = (name: string, feature: BuildFeature, details?: Details) =>
  option(name, 'database', null, { feature, secret: 'connection', ...details });

const SYSLOG_FACILITIES = (
  'AUTH AUTHPRIV CRON DAEMON KERN LOCAL0 LOCAL1 LOCAL2 LOCAL3 LOCAL4 LOCAL5 LOCAL6 LOCAL7 LPR MAIL NEWS SYSLOG ' +
  'USER UUCP'
)
  .split(' ')
  .map(name => `LOG_${name}`);

/** Every option of the known releases, and two that older tutorials still name. */
export const DIRECTIVES: readonly Directive[] = [
  // Listeners and relay addresses
  text('listening-device', null, { short: 'd' }),
  port('listening-port', 3478, { short: 'p' }),
  port('tls-listening-port', 5349),
  port('alt-listening-port', 0),
  port('alt-tls-listening-port', 0),
  port('tcp-proxy-port', null, { since: '4.5.1.2' }),
  list('listening-ip', 'ip', { short: 'L' }),
  list('aux-server', 'server-address'),
  flag('udp-self-balance'),
  text('relay-device', null, { short: 'i' }),
  list('relay-ip', 'ip', { short: 'E' }),
  option('external-ip', 'external-ip', null, { short: 'X', repetition: 'first-plain' }),
  port('min-port', 49152),
  port('max-port', 65535),
  choice('allocation-default-address-family', 'ipv4', ['ipv4', 'ipv6', 'keep'], {
    since: '4.6.0',
    short: 'A',
  }),
  flag('keep-address-family', {
    short: 'K',
    shortTakesValue: true,
    reading: from<FlagReading>('4.6.0', 'true-only', 'honoured'),
    deprecated: '4.6.0',
    replacedBy: 'allocation-default-address-family=keep',
  }),
  flag('multiplex-peer', { since: '4.12.0', argument: 'none', reading: 'presence' }),
  port('multiplex-peer-port', 3480, { since: '4.12.0', min: 1, max: 65000 }),
  integer('multiplex-peer-max-peers', 256, { since: '4.16.0', min: 1, max: 65535 }),

  // Transports and what is relayed
  flag('no-udp'),
  flag('no-tcp'),
  flag('no-tls'),
  flag('no-dtls', {
    removed: '4.18.0',
    deprecated: '4.17.0',
    replacedBy: 'nothing: DTLS is off unless dtls is set',
  }),
  flag('dtls', { since: '4.17.0' }),
  flag('no-udp-relay'),
  flag('no-tcp-relay'),
  flag('server-relay'),

  // STUN
  flag('no-stun'),
  flag('stun-only', { short: 'S' }),
  flag('secure-stun'),
  flag('log-binding', { since: '4.5.2' }),
  flag('fingerprint', { short: 'f' }),
  flag('no-rfc5780', {
    since: '4.6.0',
    reading: from<FlagReading>('4.7.0', 'no-effect', 'presence'),
    deprecated: '4.7.0',
    replacedBy: 'nothing: RFC 5780 is off unless rfc5780 is set',
  }),
  flag('rfc5780', { since: '4.7.0', reading: 'presence' }),
  flag('no-stun-backward-compatibility', {
    since: '4.6.0',
    removed: '4.7.0',
    replacedBy: 'nothing: this is the default since 4.7.0',
  }),
  flag('stun-backward-compatibility', { since: '4.7.0' }),
  flag('rfc3489-compatibility', { since: '4.16.0', deprecated: '4.16.0' }),
  flag('rfc5766-channel-numbers', { since: '4.16.0' }),
  flag('response-origin-only-with-rfc5780', {
    since: '4.6.0',
    reading: from<FlagReading>('4.7.0', 'no-effect', 'honoured'),
    deprecated: '4.7.0',
    replacedBy: 'nothing: this is the default since 4.7.0',
  }),
  flag('no-software-attribute', {
    since: '4.5.1.2',
    on: from<DefaultValue>('4.7.0', true, false),
    deprecated: '4.7.0',
    replacedBy: 'nothing: SOFTWARE is not sent unless software-attribute is set',
  }),
  flag('prod', {
    removed: '4.7.0',
    deprecated: '4.5.1.2',
    replacedBy: 'no-software-attribute',
    aliasOf: 'no-software-attribute',
  }),
  flag('software-attribute', { since: '4.7.0' }),
  flag('include-reason-string', { since: '4.10.0' }),
  flag('check-origin-consistency'),
  flag('mobility'),

  // Authentication
  flag('lt-cred-mech', { short: 'a' }),
  flag('no-auth', { short: 'z' }),
  flag('use-auth-secret', { reading: 'presence', impliedBy: ['static-auth-secret'] }),
  list('static-auth-secret', 'text', { secret: 'whole' }),
  list('user', 'user', { short: 'u', pass: 'users', secret: 'password' }),
  text('realm', '', { short: 'r', maxBytes: 127 }),
  text('rest-api-separator', ':', { short: 'C' }),
  integer('stale-nonce', 600, { argument: 'optional', unit: 'seconds' }),
  flag('stateless-nonce', {
    since: '4.16.0',
    on: from<DefaultValue>('4.17.0', true, false),
    impliedBy: ['stateless-nonce-secret'],
  }),
  text('stateless-nonce-secret', null, { since: '4.16.0', secret: 'whole' }),
  text('secret-ts-exp-time', null, {
    argument: 'optional',
    removed: '4.7.0',
    replacedBy: 'nothing: it never had an effect',
  }),
  flag('no-auth-pings', { since: '4.5.1.2', reading: 'presence' }),
  flag('oauth'),
  text('server-name'),
  flag('unauthorized-ratelimit', { since: '4.14.0' }),
  integer('unauthorized-ratelimit-rps', 10, {
    since: '4.14.0',
    argument: 'optional',
    unit: 'responses per second',
    min: 1,
  }),

  // Databases
  path('userdb', null, { short: 'b', feature: 'sqlite' }),
  path('db', null, { feature: 'sqlite', aliasOf: 'userdb' }),
  database('psql-userdb', 'postgresql', { short: 'e' }),
  database('sql-userdb', 'postgresql', { aliasOf: 'psql-userdb' }),
  database('mysql-userdb', 'mysql', { short: 'M' }),
  database('mongo-userdb', 'mongodb', { short: 'J' }),
  database('redis-userdb', 'redis', { short: 'N' }),
  database('redis-statsdb', 'redis', { short: 'O' }),
  path('secret-key-file'),
  flag('no-dynamic-ip-list', { since: '4.5.1.2', reading: 'presence' }),
  flag('no-dynamic-realms', { since: '4.5.1.2', reading: 'presence' }),

  // Peers
  list('allowed-peer-ip', 'ip-range'),
  list('denied-peer-ip', 'ip-range'),
  flag('allow-loopback-peers'),
  flag('no-multicast-peers'),
  flag('no-loopback-peers', {
    removed: '4.5.1.0',
    replacedBy: 'nothing: loopback peers are denied unless allow-loopback-peers is set',
  }),

  // Quotas, bandwidth and lifetimes
  integer('user-quota', 0, { short: 'q', unit: 'allocations' }),
  integer('total-quota', 0, { short: 'Q', unit: 'allocations' }),
  integer('max-bps', 0, { short: 's', unit: 'bytes per second' }),
  integer('bps-capacity', 0, { short: 'B', unit: 'bytes per second' }),
  integer('max-allocate-timeout', 60, { unit: 'seconds' }),
  integer('max-allocate-lifetime', 3600, { argument: 'optional', unit: 'seconds' }),
  integer('channel-lifetime', 600, { argument: 'optional', unit: 'seconds' }),
  integer('permission-lifetime', 300, { argument: 'optional', unit: 'seconds' }),

  // TLS
  path('cert', 'turn_server_cert.pem'),
  path('pkey', 'turn_server_pkey.pem'),
  text('pkey-pwd', null, { secret: 'whole', maxBytes: 512 }),
  path('CA-file'),
  path('dh-file'),
  flag('dh566', { reading: 'true-only' }),
  flag('dh1066', { since: '4.5.1.2', reading: 'true-only' }),
  flag('dh2066', {
    removed: '4.5.1.2',
    reading: 'true-only',
    replacedBy: 'nothing: this is the default since 4.5.1.2',
  }),
  text('cipher-list'),
  text('ec-curve-name', null, { maxBytes: 32 }),
  flag('raw-public-keys', { since: '4.6.3' }),
  flag('tlsv1', { since: '4.7.0' }),
  flag('tlsv1_1', { since: '4.7.0' }),
  flag('no-tlsv1', { removed: '4.7.0', replacedBy: 'nothing: TLS 1.0 is off unless tlsv1 is set' }),
  flag('no-tlsv1_1', { removed: '4.7.0', replacedBy: 'nothing: TLS 1.1 is off unless tlsv1_1 is set' }),
  flag('no-tlsv1_2'),
  flag('no-sslv2', {
    removed: '4.7.0',
    reading: 'no-effect',
    replacedBy: 'nothing: SSL 2 is gone from OpenSSL',
  }),
  flag('no-sslv3', {
    removed: '4.7.0',
    reading: 'no-effect',
    replacedBy: 'nothing: SSL 3 is gone from OpenSSL',
  }),

  // Other servers, administration and monitoring
  list('alternate-server', 'server-address'),
  list('tls-alternate-server', 'server-address'),
  list('tcp-alternate-server', 'server-address', { since: '4.15.0' }),
  list('udp-alternate-server', 'server-address', { since: '4.15.0' }),
  flag('cli', { since: '4.10.0' }),
  flag('no-cli', {
    reading: from<FlagReading>('4.10.0', 'no-effect', 'honoured'),
    deprecated: '4.10.0',
    replacedBy: 'nothing: the CLI is off unless cli is set',
  }),
  option('cli-ip', 'ip', '127.0.0.1'),
  port('cli-port', 5766),
  text('cli-password', null, { secret: 'whole', maxBytes: 128 }),
  integer('cli-max-output-sessions', 256),
  flag('web-admin'),
  option('web-admin-ip', 'ip', '127.0.0.1'),
  port('web-admin-port', 8080),
  flag('web-admin-listen-on-workers'),
  flag('no-http', {
    removed: '4.5.1.0',
    replacedBy: 'nothing: the web interface is off unless web-admin is set',
  }),
  flag('respond-http-unsupported', { since: '4.6.3' }),
  text('acme-redirect', null, { since: '4.5.2' }),
  flag('prometheus', {
    since: '4.5.2',
    reading: 'presence',
    feature: 'prometheus',
    impliedBy: ['prometheus-tls'],
  }),
  port('prometheus-port', 9641, { since: '4.6.0', feature: 'prometheus' }),
  option('prometheus-address', 'ip', null, { since: '4.6.3', feature: 'prometheus' }),
  text('prometheus-path', '/metrics', { since: '4.7.0', feature: 'prometheus' }),
  flag('prometheus-username-labels', { since: '4.6.0', reading: 'presence', feature: 'prometheus' }),
  flag('prometheus-tls', { since: '4.14.0', feature: 'prometheus' }),
  path('prometheus-cert', null, { since: '4.14.0', feature: 'prometheus' }),
  path('prometheus-key', null, { since: '4.14.0', feature: 'prometheus' }),

  // Log
  flag('verbose', { short: 'v', impliedBy: ['Verbose'] }),
  flag('Verbose', { short: 'V', reading: 'true-only' }),
  path('log-file', null, { short: 'l', pass: 'log' }),
  flag('no-stdout-log', { pass: 'log' }),
  flag('syslog', { pass: 'log' }),
  choice('syslog-facility', null, SYSLOG_FACILITIES, { since: '4.6.0', pass: 'log' }),
  flag('simple-log', { pass: 'log' }),
  choice('log-min-level', 'debug', ['debug', 'info', 'warning', 'error'], { since: '4.15.0', pass: 'log' }),
  flag('new-log-timestamp', {
    since: '4.5.2',
    pass: 'log',
    on: from<DefaultValue>('4.17.0', true, false),
    reading: from<FlagReading>('4.17.0', 'honoured', 'presence'),
  }),
  text('new-log-timestamp-format', from<DefaultValue>('4.17.0', '%FT%T.%f%z', '%FT%T%z'), {
    since: '4.5.2',
    pass: 'log',
  }),

  // Process and engine
  flag('daemon', { short: 'o' }),
  path('pidfile', '/var/run/turnserver.pid'),
  text('proc-user'),
  text('proc-group'),
  integer('relay-threads', null, { short: 'm', min: 0, max: 128 }),
  integer('cpus', null, { since: '4.8.0', min: 1, max: 128 }),
  choice('ne', null, ['1', '2', '3'], {
    removed: '4.10.0',
    replacedBy: 'nothing: one network engine is left',
  }),
  integer('sock-buf-size', 2097152, { since: '4.8.0', unit: 'bytes', min: 1 }),
  integer('drain-min-allocations', 0, { since: '4.15.0', unit: 'allocations', min: 0 }),
  flag('drop-invalid-packets', {
    since: '4.8.0',
    removed: '4.18.0',
    on: true,
    replacedBy: 'nothing: it is always on since 4.18.0',
  }),
  flag('drop-invalid-packets-log', { since: '4.8.0' }),
  flag('udp-gso', { since: '4.12.0', feature: 'linux' }),
  flag('udp-recvmmsg', { since: '4.10.0', on: from<DefaultValue>('4.13.0', true, false), feature: 'linux' }),
  flag('udp-recvmmsg-log', { since: '4.12.0', feature: 'linux' }),
  flag('udp-sendmmsg-log', { since: '4.13.0', feature: 'linux' }),
  flag('version', { since: '4.6.0', commandLineOnly: true }),
];

const byName = new Map(DIRECTIVES.map(directive => [directive.name, directive]));

/** The option of exactly this name, in any known release. */
export const findDirective = (name: string): Directive | undefined => byName.get(name);

const canonicalByName = new Map(
  DIRECTIVES.map(directive => [directive.name, byName.get(directive.aliasOf ?? '') ?? directive]),
);

/** The option that every spelling of it stands for: that of `userdb` for `db`. */
export const canonicalDirective = (name: string): Directive | undefined => canonicalByName.get(name);

/** The name of that option; the name itself where coturn never had it. */
export const canonicalName = (name: string): string => canonicalByName.get(name)?.name ?? name;

/** Whether the release had the option at all, whatever its build. */
export const existsAt = ({ since, removed }: Directive, version: string): boolean =>
  (since === undefined || isAtLeast(version, since)) &&
  (removed === undefined || !isAtLeast(version, removed));

/** Whether this coturn accepts the name in a file; if not it drops the line and goes on. */
export function isKnown(name: string, version: string, build: Build = 'full'): boolean {
  return build === 'full' ? namesAt(version).has(name) : namesAt(version).get(name) === 'debian';
}

/** The names that a release takes, each with the poorer of the builds that have it. */
const namesAt = oncePerKey(
  (version: string) =>
    new Map(
      DIRECTIVES.filter(directive => existsAt(directive, version)).map(({ name, feature }) => [
        name,
        feature === 'prometheus' || feature === 'mongodb' ? 'full' : 'debian',
      ]),
    ),
);

/** The build feature an option needs where builds differ on it; null for options that every Linux build has. */
export function buildDependent(name: string): BuildFeature | null {
  const feature = findDirective(name)?.feature ?? null;
  return feature === 'linux' ? null : feature;
}

/** The value without any line; null when there is none, or when coturn finds it out by itself. */
export const defaultOf = (directive: Directive, version: string): DefaultValue =>
  valueAt(directive.defaults, version);

/** How this release reads the flag's value. */
export const readingOf = (directive: Directive, version: string): FlagReading =>
  valueAt(directive.reading, version);

/** `min_port`, `--min-port`, `MIN-PORT:` as coturn would have to see it. */
const normalized = (name: string): string =>
  name
    .replace(/^[-–—]+/, '')
    .replace(/[:;,]+$/, '')
    .replaceAll('_', '-')
    .toLowerCase();

const BY_LENGTH = groupedBy(
  DIRECTIVES.map(directive => {
    const text = normalized(directive.name);
    return { directive, text, letters: lettersOf(text) };
  }),
  ({ text }) => text.length,
);

/** Names this release knows that were probably meant, best first, at most three. */
export const nearestNames = (name: string, version: string): readonly string[] => nearestAt(version)(name);

/** The same mistakes are made again and again, and several rules ask about each. */
const nearestAt = oncePerKey((version: string) =>
  oncePerKey((name: string): readonly string[] => compareNames(name, version)),
);

function compareNames(name: string, version: string): string[] {
  const wanted = normalized(name);
  if (wanted === '') return [];
  const fits = (directive: Directive): boolean =>
    isKnown(directive.name, version) && !directive.commandLineOnly;
  const letter = name.replace(/^-/, '');
  const byLetter =
    letter.length === 1 && DIRECTIVES.find(directive => directive.short === letter && fits(directive));
  if (byLetter) return [byLetter.name];
  const limit = wanted.length < 5 ? 1 : wanted.length < 10 ? 2 : 3;
  const letters = lettersOf(wanted);
  const lengths = Array.from({ length: 2 * limit + 1 }, (_, i) => wanted.length - limit + i);
  return lengths
    .flatMap(length => BY_LENGTH.get(length) ?? [])
    .filter(near => lettersApart(letters, near.letters) <= limit)
    .map(({ directive, text }) => ({ directive, distance: editDistance(wanted, text, limit) }))
    .filter(({ directive, distance }) => distance <= limit && fits(directive))
    .sort((a, b) => a.distance - b.distance || a.directive.name.length - b.directive.name.length)
    .slice(0, 3)
    .map(near => near.directive.name);
}
