import type { Command } from 'commander';
import { credentialEndpoint, DEFAULT_PATH, type EndpointOptions } from '../../credentials/endpoint.ts';
import type { HttpServerSettings } from '../../credentials/http-server.ts';
import {
  type CredentialServer,
  type ServerSettings,
  startCredentialServer,
} from '../../credentials/server.ts';
import { type Authenticate, jwtTokens, type KeySet, staticTokens } from '../../credentials/tokens.ts';
import { HostError } from '../../host/host.ts';
import { formatAddress } from '../../model/transport.ts';
import { plural } from '../../util/text.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { addServeOptions, type ServeOptions, type TlsOptions } from './serve-options.ts';
import { readSources } from './sources.ts';

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runServe = runServe,
): void {
  addServeOptions(command).action(async (flags: ServeOptions) => done(await run(flags, io)));
}

/** Serves credentials until it is told to stop; the access log is standard output. @throws {UsageError} {HostError} */
export async function runServe(options: ServeOptions, io: Io): Promise<number> {
  const { secrets, uris } = await readSources(options, io);
  if (uris.length === 0) {
    throw new UsageError(
      'there is no URI to hand out',
      'Give --host NAME with a --config, or --uri turn:…, once for each.',
    );
  }
  const endpoint: EndpointOptions = {
    secrets: secrets as EndpointOptions['secrets'],
    uris,
    authenticate: await authenticationOf(options, io),
    ttlSeconds: options.ttl,
    path: options.path ?? DEFAULT_PATH,
    allowedOrigins: options.origin ?? [],
    ...(options.rateIdentity ? { perIdentity: options.rateIdentity } : {}),
    ...(options.rateAddress ? { perAddress: options.rateAddress } : {}),
  };
  const tls = await tlsOf(options, io);
  const server = await start({
    ...options.listen,
    answer: credentialEndpoint(endpoint),
    proxies: options.trustedProxy ?? [],
    ...(tls ? { tls } : {}),
    ...(options.accessLog ? { onAccess: access => io.stdout(`${JSON.stringify(access)}\n`) } : {}),
    onError: error => io.stderr(`turnctl: ${error instanceof Error ? error.message : String(error)}\n`),
  });
  io.stderr(
    `turnctl: serving ${plural(uris.length, 'URI')} on ${tls ? 'https' : 'http'}://${formatAddress({ ip: server.host, port: server.port })}${endpoint.path}, credentials for ${options.ttl} s\n`,
  );
  if (!tls && !LOOPBACK.test(server.host))
    io.stderr(
      'turnctl: without TLS tokens cross the network in the clear: put a proxy in front, or give --tls-cert\n',
    );
  await io.untilStopped();
  await server.stop();
  return 0;
}

const LOOPBACK = /^(127\.|::1$)/;

/** @throws {HostError} in the system's words */
async function start(settings: ServerSettings): Promise<CredentialServer> {
  try {
    return await startCredentialServer(settings);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!('code' in error)) throw new UsageError(`--trusted-proxy: ${error.message}`);
    throw cannotServe(settings, error as NodeJS.ErrnoException);
  }
}

/** Why a server could not listen, in plain words. */
export function cannotServe({ host, port }: HttpServerSettings, error: NodeJS.ErrnoException): HostError {
  const why = { EADDRINUSE: 'the port is taken', EACCES: 'this user may not' }[String(error.code)];
  const at = formatAddress({ ip: host, port });
  return new HostError('io', `cannot serve on ${at}: ${why ?? error.message}`, { cause: error });
}

async function authenticationOf(options: ServeOptions, io: Io): Promise<Authenticate> {
  const { tokensFile, jwks, issuer, audience } = options;
  if ((tokensFile === undefined) === (jwks === undefined)) {
    throw new UsageError(
      'who may ask must be said once',
      'Give --tokens-file FILE, or --jwks URL for the tokens of an identity provider.',
    );
  }
  if (jwks === undefined) return staticTokens(await readTokens(tokensFile as string, io));
  return jwtTokens({
    jwks: /^https?:\/\//.test(jwks) ? new URL(jwks) : await readKeySet(jwks, io),
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  });
}

/** Lines of `NAME TOKEN`; blank lines and comments do not count. The message never quotes a line: it holds a token. */
async function readTokens(path: string, { host }: Io): Promise<{ name: string; token: string }[]> {
  const text = new TextDecoder().decode(await host.readFile(path));
  const tokens = text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/\s+/).filter(Boolean);
    if (words.length === 0 || line.trim().startsWith('#')) return [];
    const [name, token, ...more] = words;
    if (name === undefined || token === undefined || more.length > 0)
      throw new UsageError(`${path}:${index + 1} is not NAME TOKEN`);
    if (!/^[\w.~+/-]+=*$/.test(token))
      throw new UsageError(`${path}:${index + 1}: the token holds what no bearer token may (RFC 6750 §2.1)`);
    return [{ name, token }];
  });
  if (tokens.length === 0) throw new UsageError(`${path} holds no token`);
  return tokens;
}

async function readKeySet(path: string, { host }: Io): Promise<KeySet> {
  const text = new TextDecoder().decode(await host.readFile(path));
  try {
    const set = JSON.parse(text);
    if (Array.isArray(set?.keys) && set.keys.length > 0) return set;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UsageError(`${path} is no JSON Web Key Set`, 'As {"keys": [...]} (RFC 7517 §5).');
}

/** @throws {UsageError} for one of the two alone, {HostError} for a file that cannot be read */
export async function tlsOf(
  { tlsCert, tlsKey }: TlsOptions,
  { localHost: host }: Pick<Io, 'localHost'>,
): Promise<HttpServerSettings['tls']> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw new UsageError('--tls-cert and --tls-key belong together');
  const [cert, key] = await Promise.all([host.readFile(tlsCert), host.readFile(tlsKey)]);
  return { cert: Buffer.from(cert), key: Buffer.from(key) };
}
