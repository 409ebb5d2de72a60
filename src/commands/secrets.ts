import type { Host } from '../host/host.ts';
import { maskUri } from '../util/mask.ts';
import type { Io } from './io.ts';
import type { WireOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

/** What the operator gave to authenticate with. Never printed, never part of a fact. */
export interface GivenSecrets {
  /** `static-auth-secret`, to sign a short-lived credential with. */
  readonly sharedSecret?: string;
  /** Every one that was given, the first of them is `sharedSecret`; with where it came from. */
  readonly sharedSecrets: readonly { readonly from: string; readonly secret: string }[];
  readonly user?: { readonly name: string; readonly password: string };
  readonly endpoint?: { readonly url: string; readonly token?: string };
}

const LARGEST = 64 * 1024;

/**
 * Reads the secrets of the command line's files and of the environment; files win. @throws {UsageError} for an empty file,
 * a user without a password or a URL that is none, {HostError} for a file that cannot be read
 */
export async function readSecrets(
  options: WireOptions,
  { localHost: host, env }: Pick<Io, 'localHost' | 'env'>,
): Promise<GivenSecrets> {
  const sharedSecrets = await sharedSecretsFrom(host, options.secretFile ?? [], env.TURNCTL_SECRET);
  const [first] = sharedSecrets;
  const password = await secretFrom(host, options.passwordFile, env.TURNCTL_PASSWORD);
  const token = await secretFrom(host, options.tokenFile, env.TURNCTL_TOKEN);
  // The words in which fetch refuses such a header would hold the token.
  if (token !== undefined && /[^\x21-\x7e]/.test(token)) {
    throw new UsageError('the bearer token holds a blank or another character that no HTTP header may');
  }
  if (options.user !== undefined && password === undefined) {
    throw new UsageError(
      // Some write the password behind the name, as curl takes it.
      `--user ${options.user.replace(/:.*/s, ':…')} needs a password`,
      'Give --password-file FILE, or TURNCTL_PASSWORD.',
    );
  }
  if (options.passwordFile !== undefined && options.user === undefined) {
    throw new UsageError('--password-file needs --user NAME');
  }
  return {
    sharedSecrets,
    ...(first === undefined ? {} : { sharedSecret: first.secret }),
    ...(options.user === undefined || password === undefined
      ? {}
      : { user: { name: options.user, password } }),
    ...(options.api === undefined
      ? {}
      : { endpoint: { url: httpUrl(options.api), ...(token === undefined ? {} : { token }) } }),
  };
}

async function sharedSecretsFrom(
  host: Host,
  paths: readonly string[],
  variable: string | undefined,
): Promise<GivenSecrets['sharedSecrets']> {
  const given = await Promise.all(
    (paths.length > 0 ? paths : [undefined]).map(async path => ({
      from: path ?? 'TURNCTL_SECRET',
      secret: await secretFrom(host, path, variable),
    })),
  );
  return given.flatMap(({ from, secret }) => (secret === undefined ? [] : [{ from, secret }]));
}

/** One line; the line end that an editor adds is not part of it. */
async function secretFrom(
  host: Host,
  path: string | undefined,
  variable: string | undefined,
): Promise<string | undefined> {
  return path === undefined ? variable?.replace(/\r?\n$/, '') || undefined : readSecretFile(host, path);
}

/** A file that holds one secret and nothing else. @throws {UsageError} {HostError} */
export async function readSecretFile(host: Host, path: string): Promise<string> {
  const bytes = await host.readFile(path, { maxBytes: LARGEST });
  const text = new TextDecoder().decode(bytes).replace(/\r?\n$/, '');
  if (text === '') throw new UsageError(`${path} is empty`);
  if (text.includes('\n'))
    throw new UsageError(`${path} has more than one line`, 'A secret file holds the secret alone.');
  return text;
}

function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError(`--api ${maskUri(text)} is no http or https URL`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      '--api must not hold a user or password',
      'Give --token-file FILE, or TURNCTL_TOKEN.',
    );
  }
  return url.href;
}
