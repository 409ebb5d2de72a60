import type { UpgradeChange, UpgradeKind } from '../model/upgrade.ts';
import { listenerPlan, wantsCli } from './effective.ts';
import type { Settings } from './settings.ts';
import { addressForm } from './values.ts';
import { releasesBetween } from './versions.ts';

/** Something a release does otherwise than the one before, whatever the lines say. */
interface Behaviour {
  readonly since: string;
  readonly kind: UpgradeKind;
  readonly what: string;
  readonly remedy?: string;
  /** The options it is about: those whose default changes, and the one that restores the old behaviour. */
  readonly options: readonly string[];
  /** Whether this configuration notices. */
  readonly concerns: (before: Settings, after: Settings) => boolean;
}

const anyone = (): boolean => true;
const unless =
  (...options: readonly string[]) =>
  (_: Settings, after: Settings): boolean =>
    !options.some(after.flag);

const DATABASES = ['psql-userdb', 'mysql-userdb', 'mongo-userdb', 'redis-userdb', 'redis-statsdb'];

const servesStun = (settings: Settings): boolean => !settings.flag('no-stun');

/** By release. A default that changes anywhere in the option table has an entry here; a test holds it to that. */
export const BEHAVIOURS: readonly Behaviour[] = [
  {
    since: '4.5.2',
    kind: 'notes',
    what: 'Binding requests are logged no more',
    remedy: 'Add log-binding to see them.',
    options: ['log-binding'],
    concerns: (_, after) => after.flag('verbose') && !after.flag('log-binding'),
  },
  {
    since: '4.6.2',
    kind: 'improves',
    what: 'the TLS listener speaks TLS 1.3',
    options: ['cert'],
    concerns: before => listenerPlan(before).tls.on,
  },
  {
    since: '4.6.2',
    kind: 'notes',
    what: 'cipher-list also chooses among the suites of TLS 1.3',
    options: ['cipher-list'],
    concerns: (_, after) => after.isSet('cipher-list'),
  },
  {
    since: '4.6.2',
    kind: 'notes',
    what: 'SIGTERM ends coturn in good order within seconds, no longer at once',
    options: [],
    concerns: anyone,
  },
  {
    since: '4.6.2',
    kind: 'notes',
    what: 'log lines carry a thread and a level: patterns of fail2ban and the like need both forms',
    options: [],
    concerns: anyone,
  },
  {
    since: '4.6.3',
    kind: 'notes',
    what: 'SIGUSR1 drains the server instead of killing it',
    options: [],
    concerns: anyone,
  },
  {
    since: '4.6.3',
    kind: 'changes',
    what: 'the web interface is off beside no-tls',
    remedy: 'Delete no-tls, or web-admin.',
    options: ['web-admin'],
    concerns: (_, after) => after.flag('web-admin') && after.flag('no-tls'),
  },
  {
    since: '4.7.0',
    kind: 'notes',
    what: 'TLS 1.0 and 1.1 are refused unless tlsv1 or tlsv1_1 is set (OpenSSL 3 refuses them in any case)',
    options: ['tlsv1', 'tlsv1_1'],
    concerns: (before, after) => listenerPlan(before).tls.on && unless('tlsv1', 'tlsv1_1')(before, after),
  },
  {
    since: '4.7.0',
    kind: 'notes',
    what: 'a Binding answer holds XOR-MAPPED-ADDRESS alone: MAPPED-ADDRESS, RESPONSE-ORIGIN and SOFTWARE are gone',
    remedy: 'Add stun-backward-compatibility or software-attribute for a client that reads them.',
    options: ['no-software-attribute', 'software-attribute', 'stun-backward-compatibility'],
    concerns: (before, after) =>
      servesStun(before) && unless('stun-backward-compatibility', 'software-attribute')(before, after),
  },
  {
    since: '4.7.0',
    kind: 'changes',
    what: 'clients that speak the STUN of 2003 (RFC 3489, old SIP phones) get no answer',
    remedy: 'If there are such clients: upgrade to 4.16.0 or later and add rfc3489-compatibility.',
    options: ['rfc3489-compatibility', 'stun-backward-compatibility'],
    concerns: (before, after) =>
      servesStun(before) &&
      !before.entries('no-stun-backward-compatibility').length &&
      unless('stun-backward-compatibility', 'rfc3489-compatibility')(before, after),
  },
  {
    since: '4.7.0',
    kind: 'notes',
    what: 'the alternate ports (3479 and 5350 by default) are closed, and with them NAT behaviour discovery (RFC 5780)',
    remedy: 'Add rfc5780 if clients use it; browsers do not.',
    options: ['rfc5780'],
    concerns: (before, after) =>
      listenerPlan(before).alternate !== null && listenerPlan(after).alternate === null,
  },
  {
    since: '4.10.0',
    kind: 'changes',
    what: 'the telnet CLI is off: scripts that talk to it fail',
    remedy: 'Add cli if the CLI is used; cli-password stays.',
    options: ['cli'],
    concerns: (before, after) => wantsCli(before) && before.text('cli-password') !== '' && !wantsCli(after),
  },
  {
    since: '4.10.0',
    kind: 'notes',
    what: 'error answers carry a code and no words',
    remedy: 'Add include-reason-string where a monitor compares "Unauthorized" and the like.',
    options: ['include-reason-string'],
    concerns: unless('include-reason-string'),
  },
  {
    since: '4.13.0',
    kind: 'notes',
    what: 'coturn takes several packets in one system call (udp-recvmmsg)',
    remedy: 'Write udp-recvmmsg=0 to have it as before.',
    options: ['udp-recvmmsg'],
    concerns: (_, after) => !after.isSet('udp-recvmmsg'),
  },
  {
    since: '4.13.1',
    kind: 'improves',
    what: 'the hosts of the configured databases are refused as peers',
    options: DATABASES,
    concerns: (_, after) => DATABASES.some(after.isSet),
  },
  {
    since: '4.16.0',
    kind: 'notes',
    what: 'channel numbers above 0x4FFF are refused (RFC 8656)',
    remedy: 'Add rfc5766-channel-numbers for a client that uses them.',
    options: ['rfc5766-channel-numbers'],
    concerns: unless('rfc5766-channel-numbers'),
  },
  {
    since: '4.17.0',
    kind: 'changes',
    what: 'DTLS is off: clients with turns: over UDP fail (browsers never do that)',
    remedy: 'Add dtls if there are such clients.',
    options: ['dtls'],
    concerns: (before, after) => listenerPlan(before).dtls.on && !listenerPlan(after).dtls.on,
  },
  {
    since: '4.17.0',
    kind: 'notes',
    what: 'nonces hold no state, and clients fetch a new one after a restart',
    remedy: 'Add stateless-nonce-secret to keep them across restarts.',
    options: ['stateless-nonce', 'stateless-nonce-secret'],
    concerns: (_, after) => !after.isSet('stateless-nonce') && !after.isSet('stateless-nonce-secret'),
  },
  {
    since: '4.17.0',
    kind: 'notes',
    what: 'log lines start with the date and time in place of the seconds since the start',
    remedy: 'Adapt patterns that read the log, or write new-log-timestamp=0.',
    options: ['new-log-timestamp', 'new-log-timestamp-format'],
    concerns: (before, after) => !before.flag('new-log-timestamp') && after.flag('new-log-timestamp'),
  },
  {
    since: '4.18.0',
    kind: 'notes',
    what: 'the session id stands at the end of log lines',
    remedy: 'Adapt patterns that read the log.',
    options: [],
    concerns: anyone,
  },
  {
    since: '4.18.0',
    kind: 'improves',
    what: 'a plain external-ip replaces relayed addresses of its own family alone',
    options: ['external-ip'],
    concerns: (_, after) =>
      after.list('external-ip').some(value => !value.includes('/') && addressForm(value) === 'address'),
  },
];

/** What the releases on the way do otherwise, where this configuration notices. */
export function behaviourChanges(before: Settings, after: Settings): UpgradeChange[] {
  const passed = releasesBetween(before.version, after.version);
  return BEHAVIOURS.filter(({ since, concerns }) => passed.includes(since) && concerns(before, after)).map(
    ({ concerns, options, ...change }) => ({
      ...change,
      ...(options[0] === undefined ? {} : { option: options[0] }),
    }),
  );
}
