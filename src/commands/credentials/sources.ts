import { type Command, InvalidArgumentError } from 'commander';
import { clientUris } from '../../config/client-uris.ts';
import { settingsOf } from '../../config/settings.ts';
import { readAskedConfiguration } from '../../facts/configuration.ts';
import { HostError } from '../../host/host.ts';
import { parseServerUri } from '../../turn/uri.ts';
import { maskUri } from '../../util/mask.ts';
import type { Io } from '../io.ts';
import { readSecretFile } from '../secrets.ts';
import { UsageError } from '../usage-error.ts';
import { versionToJudgeBy } from '../version-choice.ts';

/** Where secrets and URIs come from: what is given, else the configuration. */
export interface SourceOptions {
  readonly secretFile?: readonly string[];
  readonly config?: string;
  readonly host?: string;
  readonly uri?: readonly string[];
}

export interface Sources {
  /** Every secret the server takes, the one to sign with first. Never printed. */
  readonly secrets: readonly string[];
  readonly uris: readonly string[];
}

const DEFAULT_CONFIG = '/etc/turnserver.conf';

/** An option that may be given several times. */
export const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

/** @throws {InvalidArgumentError} */
export function wholeSeconds(value: string): number {
  const seconds = Number(value);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 31_536_000)
    throw new InvalidArgumentError('It must be a whole number of seconds, a year at most.');
  return seconds;
}

export function addSecretOptions(command: Command): Command {
  return command
    .option(
      '--secret-file <file>',
      'static-auth-secret (or TURNCTL_SECRET); several: the first one signs',
      collect,
    )
    .option('--config <file>', `turnserver.conf to take secret and URIs from (default: ${DEFAULT_CONFIG})`);
}

export function addUriOptions(command: Command): Command {
  return command
    .option('--host <name>', 'name or address under which clients reach the server')
    .option('--uri <uri>', 'hand out this URI, and not those of the configuration; may be repeated', collect);
}

/** @throws {UsageError} where there is no secret or a URI is none, {HostError} for a file that was named */
export async function readSources(options: SourceOptions, io: Io): Promise<Sources> {
  const given = await Promise.all((options.secretFile ?? []).map(path => readSecretFile(io.host, path)));
  const variable = io.env.TURNCTL_SECRET?.replace(/\r?\n$/, '');
  const named = given.length > 0 ? given : variable ? [variable] : [];
  const configured = await readConfigured(options, named.length > 0, io);
  const secrets = named.length > 0 ? named : (configured?.secrets ?? []).filter(secret => secret !== '');
  if (secrets.length === 0) {
    throw new UsageError(
      `there is no secret${configured ? ` in ${configured.path}` : ''}`,
      'Give --secret-file FILE, TURNCTL_SECRET, or --config FILE with a static-auth-secret.',
    );
  }
  return { secrets, uris: options.uri ? options.uri.map(checkedUri) : (configured?.uris ?? []) };
}

interface Configured extends Sources {
  readonly path: string;
}

/** Undefined where none was named, and there is none or nothing of it is needed. */
async function readConfigured(
  { config, host }: SourceOptions,
  haveSecrets: boolean,
  io: Io,
): Promise<Configured | undefined> {
  const path = config ?? DEFAULT_CONFIG;
  const { version } = await versionToJudgeBy(undefined, io.host);
  try {
    const { fact, secrets } = await readAskedConfiguration(io.host, path, version);
    if (!fact.known) return undefined;
    const settings = settingsOf(fact.value, version);
    const name = host ?? publicAddress(settings.list('external-ip'));
    const uris = name === undefined ? [] : clientUris(settings, name);
    return { path, secrets: secrets.staticAuthSecrets, uris };
  } catch (error) {
    const dispensable = config === undefined && (haveSecrets || isMissing(error));
    if (!(error instanceof HostError) || !dispensable) throw error;
    return undefined;
  }
}

const isMissing = (error: unknown): boolean => error instanceof HostError && error.code === 'not-found';

/** The public half of the first external-ip. */
const publicAddress = ([first]: readonly string[]): string | undefined =>
  first?.split('/')[0]?.trim() || undefined;

function checkedUri(uri: string): string {
  const parsed = parseServerUri(uri);
  if ('problem' in parsed) throw new UsageError(maskUri(`--uri ${uri}: ${parsed.problem}`));
  if (/^(stun|turn)s?:/i.test(uri)) return uri;
  throw new UsageError(maskUri(`--uri ${uri} is no URI`), 'As turn:turn.example.org?transport=udp.');
}
