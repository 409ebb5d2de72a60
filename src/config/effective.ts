import { oncePerObject } from '../util/once.ts';
import type { Settings } from './settings.ts';
import { isAtLeast } from './versions.ts';

/** Where credentials come from. `database`: long-term credentials are on, and the file holds no account. */
export type AuthenticationMode = 'anonymous' | 'static-users' | 'shared-secret' | 'database';

export interface Authentication {
  readonly mode: AuthenticationMode;
  /** Whether Allocate is challenged at all (RFC 8489 §9.2). */
  readonly longTerm: boolean;
  /** Sent in the challenge; '' is an empty REALM. */
  readonly realm: string;
  readonly oauth: boolean;
}

/** How clients are authenticated. `no-auth` beside a mechanism, over which coturn exits, counts as the mechanism. */
export const authentication = oncePerObject((settings: Settings): Authentication => {
  const shared = { realm: settings.text('realm'), oauth: settings.flag('oauth') };
  const users = settings.entries('user').filter(({ value }) => (value ?? '').indexOf(':') > 0);
  if (settings.flag('use-auth-secret')) return { mode: 'shared-secret', longTerm: true, ...shared };
  const mechanism = settings.flag('lt-cred-mech');
  // Users switch the mechanism on by themselves, unless no-auth forbids it.
  if (users.length > 0 && (mechanism || !settings.flag('no-auth'))) {
    return { mode: 'static-users', longTerm: true, ...shared };
  }
  return mechanism
    ? { mode: 'database', longTerm: true, ...shared }
    : { mode: 'anonymous', longTerm: false, ...shared };
});

/** Relay ports, both included; inverted as coturn has them. A port over which coturn exits counts as its default. */
export function relayRange(settings: Settings): { readonly min: number; readonly max: number } {
  const [min, max] = [settings.port('min-port'), settings.port('max-port')];
  return { min: min === 'fatal' ? 49152 : min, max: max === 'fatal' ? 65535 : max };
}

export interface ListeningPort {
  readonly on: boolean;
  /** 0: the kernel chooses. */
  readonly port: number;
}

export interface ListenerPlan {
  /** `listening-ip` as written; empty for every address of the host, loopback included. */
  readonly ips: readonly string[];
  readonly udp: ListeningPort;
  readonly tcp: ListeningPort;
  /** On only when certificate and key are named; whether they can be read is another fact. */
  readonly tls: ListeningPort;
  readonly dtls: ListeningPort;
  /** RFC 5780 ports, opened when there are two addresses; null when switched off or ruled out. */
  readonly alternate: { readonly port: number; readonly tlsPort: number } | null;
  /** Port of `tcp-proxy-port`: it takes the place of the plain TCP listener, and clients without PROXY protocol fail there. */
  readonly proxyPort: number | null;
}

/** What coturn listens on. A port over which coturn exits counts as its default. */
export const listenerPlan = oncePerObject((settings: Settings): ListenerPlan => {
  const port = portOrDefault(settings, 'listening-port', 3478);
  const tlsPort = portOrDefault(settings, 'tls-listening-port', 5349);
  const ips = settings.list('listening-ip');
  const certificate = ['cert', 'pkey'].every(name => settings.isSet(name) && settings.text(name) !== '');
  const proxied = settings.isSet('tcp-proxy-port');
  const wantsDtls = isAtLeast(settings.version, '4.17.0') ? settings.flag('dtls') : !settings.flag('no-dtls');
  return {
    ips,
    udp: { on: !settings.flag('no-udp'), port },
    tcp: { on: !settings.flag('no-tcp') && !proxied, port },
    tls: { on: certificate && !settings.flag('no-tls'), port: tlsPort },
    dtls: { on: certificate && wantsDtls, port: tlsPort },
    alternate:
      wantsRfc5780(settings) && new Set(ips).size !== 1
        ? {
            port: portOrDefault(settings, 'alt-listening-port', 0) || port + 1,
            tlsPort: portOrDefault(settings, 'alt-tls-listening-port', 0) || tlsPort + 1,
          }
        : null,
    proxyPort: proxied && !settings.flag('no-tcp') ? portOrDefault(settings, 'tcp-proxy-port', 0) : null,
  };
});

function portOrDefault(settings: Settings, option: string, byDefault: number): number {
  const port = settings.port(option);
  return port === 'fatal' ? byDefault : port;
}

/** On by default up to 4.6.3, off by default since. */
const wantsRfc5780 = (settings: Settings): boolean =>
  isAtLeast(settings.version, '4.7.0') ? settings.flag('rfc5780') : !settings.flag('no-rfc5780');

export interface LogDestination {
  readonly kind: 'syslog' | 'stdout' | 'file';
  /** The file asked for; null for coturn's own choice, `/var/log/turnserver/turn_<pid>_<date>.log` and its fall-backs. */
  readonly path: string | null;
  /** Without `simple-log` the date goes into the file's name. */
  readonly dated: boolean;
  /** Every line goes to standard output as well. */
  readonly copiedToStdout: boolean;
}

/** Where the log is asked to go: syslog before a file. */
export function logDestination(settings: Settings): LogDestination {
  const file = settings.text('log-file');
  const toStdout = file === 'stdout' || file === '-';
  const kind = settings.flag('syslog') || file === 'syslog' ? 'syslog' : toStdout ? 'stdout' : 'file';
  return {
    kind,
    path: kind === 'file' && file !== '' ? file : null,
    dated: kind === 'file' && !settings.flag('simple-log'),
    copiedToStdout: kind !== 'stdout' && !settings.flag('no-stdout-log'),
  };
}

/** Whether the telnet CLI is asked for: by default up to 4.9.0, with `cli` since. It also needs `cli-password`. */
export const wantsCli = (settings: Settings): boolean =>
  isAtLeast(settings.version, '4.10.0') ? settings.flag('cli') : !settings.flag('no-cli');
