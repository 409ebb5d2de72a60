import { type Command, InvalidArgumentError } from 'commander';
import { isRealm } from '../init/names.ts';
import { parseIp } from '../util/ip.ts';
import { UsageError } from './usage-error.ts';

export interface InitOptions {
  /** `-` is standard output. */
  readonly output: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly realm?: string;
  readonly listeningIp: readonly string[];
  readonly externalIp?: string;
  readonly stun?: string;
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly asVersion?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
It looks at the addresses of this host, at the coturn installed and for a certificate it can read
(/etc/coturn/tls, then /etc/letsencrypt/live), and sends nothing, except to a server named with --stun.
It asks for what is left, on a terminal; with --yes, and without a terminal, it asks nothing, and the
summary says what to fill in. The secret is new and stands in the file alone.

Examples:
  turnctl init
  turnctl init --yes --output /etc/turnserver.conf --force --realm turn.example.org --external-ip 198.51.100.7`;

/** Flags of `turnctl init`, checked as far as they can be without the host. */
export function addInitOptions(command: Command): Command {
  return command
    .option('--output <file>', 'where to write it; - is standard output', 'turnserver.conf')
    .option('--force', 'replace a file that is there; the old one is kept beside it')
    .option('--yes', 'ask nothing')
    .option('--realm <name>', 'name of the server, as clients call it', realm)
    .option('--listening-ip <ip>', 'listen there instead of on the address found (repeatable)', addresses, [])
    .option('--external-ip <ip>', 'public IPv4 address that is mapped to this host', ipv4)
    .option('--stun <uri>', 'ask this STUN server for the public address')
    .option('--tls-cert <file>', 'certificate with its chain, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .option(
      '--as-version <version>',
      'for this coturn release (default: the one found, else the newest known)',
    )
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', EXAMPLES);
}

/** As commander hands them over. */
export type InitFlags = Omit<InitOptions, 'tls'> & { readonly tlsCert?: string; readonly tlsKey?: string };

/** @throws {UsageError} for half of a pair, and for a path that would not survive the file */
export function initOptionsOf({ tlsCert, tlsKey, ...options }: InitFlags): InitOptions {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError('--tls-cert and --tls-key go together');
  }
  if (options.externalIp !== undefined && options.stun !== undefined) {
    throw new UsageError('--external-ip and --stun exclude each other');
  }
  if (tlsCert === undefined || tlsKey === undefined) return options;
  for (const path of [tlsCert, tlsKey]) {
    // coturn takes a relative path from its own working directory, and blanks and quotes off both ends.
    if (!/^\/[^\s"'#]+$/.test(path)) {
      throw new UsageError(`${path} is no absolute path without blanks, quotes and #`);
    }
  }
  return { ...options, tls: { certificate: tlsCert, key: tlsKey } };
}

function realm(value: string): string {
  if (!isRealm(value))
    throw new InvalidArgumentError('It is a host name: letters, digits, dots and hyphens.');
  return value;
}

function addresses(value: string, previous: readonly string[]): string[] {
  if (parseIp(value) === null) throw new InvalidArgumentError('It is an IP address.');
  return [...previous, value];
}

function ipv4(value: string): string {
  if (parseIp(value)?.family !== 'ipv4') throw new InvalidArgumentError('It is an IPv4 address.');
  return value;
}
