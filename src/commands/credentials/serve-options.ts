import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Rate } from '../../credentials/rate-limit.ts';
import { DEFAULT_TTL_SECONDS } from './issue.ts';
import { addSecretOptions, addUriOptions, collect, type SourceOptions, wholeSeconds } from './sources.ts';

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** Certificate and key: both, or plain HTTP. */
export interface TlsOptions {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

export interface ServeOptions extends SourceOptions, TlsOptions {
  readonly listen: Listen;
  readonly path?: string;
  readonly ttl: number;
  readonly tokensFile?: string;
  readonly jwks?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly origin?: readonly string[];
  readonly rateIdentity?: Rate;
  readonly rateAddress?: Rate;
  readonly trustedProxy?: readonly string[];
  /** False with `--no-access-log`. */
  readonly accessLog: boolean;
}

const DEFAULT_LISTEN: Listen = { host: '127.0.0.1', port: 8787 };

/** `8787`, `0.0.0.0:8787` or `[::]:8787`. */
export function listen(value: string): Listen {
  const [, ipv6, name, port = ''] = /^(?:(?:\[([\da-f:.]+)\]|([^[\]:]+)):)?(\d{1,5})$/i.exec(value) ?? [];
  if (port === '' || Number(port) > 65535)
    throw new InvalidArgumentError('It must be a port, or HOST:PORT with an IPv6 address in brackets.');
  return { host: ipv6 ?? name ?? DEFAULT_LISTEN.host, port: Number(port) };
}

function rate(value: string): Rate {
  const perMinute = Number(value);
  if (!(perMinute >= 1) || perMinute > 1e9)
    throw new InvalidArgumentError('It must be a number of requests a minute, 1 at least.');
  return { perMinute, burst: Math.max(1, Math.ceil(perMinute / 3)) };
}

function origin(value: string, previous: readonly string[] = []): string[] {
  if (value !== '*' && (!URL.canParse(value) || new URL(value).origin !== value))
    throw new InvalidArgumentError('It must be an origin, as https://app.example.org, or *.');
  return [...previous, value];
}

/** Words for `--tls-cert` and `--tls-key` of every command that serves. */
export const TLS_HELP = { cert: 'serve HTTPS with this certificate chain', key: 'and its key' } as const;

export const addServeOptions = (command: Command): Command =>
  addUriOptions(addSecretOptions(command))
    .addOption(
      new Option('--listen <address>', 'PORT or HOST:PORT')
        .argParser(listen)
        .default(DEFAULT_LISTEN, '127.0.0.1:8787'),
    )
    .option('--path <path>', 'where the endpoint is (default: /webrtc/turn-credentials)')
    .option('--ttl <seconds>', 'how long a credential lives', wholeSeconds, DEFAULT_TTL_SECONDS)
    .option('--tokens-file <file>', 'bearer tokens, each line NAME TOKEN')
    .option('--jwks <url|file>', 'take JWT signed with a key of this set')
    .option('--issuer <iss>', 'which they must name as their issuer')
    .option('--audience <aud>', 'and as their audience')
    .option('--origin <origin>', 'pages that may ask (CORS), or * for all; may be repeated', origin)
    .option('--rate-identity <n>', 'requests a minute for each token (default: 60)', rate)
    .option('--rate-address <n>', 'requests a minute for each address (default: 600)', rate)
    .option('--trusted-proxy <cidr>', 'believe X-Forwarded-For of it; may be repeated', collect)
    .option('--tls-cert <file>', TLS_HELP.cert)
    .option('--tls-key <file>', TLS_HELP.key)
    .option('--no-access-log', 'no line for each request')
    .option('--no-color', 'no colour (as NO_COLOR)');
