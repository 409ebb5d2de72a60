import { type ParsedEntry, parseConfig } from '../config/parse.ts';
import { parseArguments } from '../config/parse-arguments.ts';
import { configFact, secretTexts } from '../config/redact.ts';
import { type ConfigSecrets, secretsOf } from '../config/secrets.ts';
import { type Host, HostError } from '../host/host.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { ConfigFact } from '../model/facts.ts';
import type { ConfigSource } from './config-source.ts';

/** A configuration in two halves: the fact, without secrets, and what only probes may see. */
export interface Configuration {
  readonly fact: Fact<ConfigFact>;
  readonly secrets: ConfigSecrets;
  /** `pkey-pwd`, to open the key with. */
  readonly keyPassword: string | null;
  /** Every secret in it, to be taken out of what is read elsewhere on the host. */
  readonly secretTexts: readonly string[];
}

/** coturn runs on its defaults, which is an open relay, when it finds no file. */
export const DEFAULTS = '<defaults>';

/** Far above any configuration that was ever written. */
const LARGEST_FILE = 64 * 1024 * 1024;

const NO_SECRETS: ConfigSecrets = { staticAuthSecrets: [], users: [] };

export const noConfiguration = (reason: string): Configuration => ({
  fact: unknown(reason),
  secrets: NO_SECRETS,
  keyPassword: null,
  secretTexts: [],
});

/** The file an operator named. @throws {HostError} when it cannot be read: it was asked for */
export async function readAskedConfiguration(
  host: Host,
  path: string,
  version: string,
): Promise<Configuration> {
  const bytes = await host.readFile(path, { maxBytes: LARGEST_FILE });
  return configurationOf(bytes, { path, foundBy: 'asked', argv: [], version });
}

/** What the service reads: its file, or its defaults, and its command line. */
export async function readServiceConfiguration(
  host: Host,
  { path, hostPath, foundBy, argv }: ConfigSource,
  version: string,
): Promise<Configuration> {
  if (path === null || hostPath === null) {
    return configurationOf(new Uint8Array(), { path: DEFAULTS, foundBy, argv, version });
  }
  try {
    const bytes = await host.readFile(hostPath, { maxBytes: LARGEST_FILE });
    return configurationOf(bytes, { path, foundBy, argv, version });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    // coturn warns and runs on its defaults when a file is missing; a file that only we cannot read is unknown.
    if (error.code === 'not-found')
      return configurationOf(new Uint8Array(), { path, foundBy, argv, version });
    return noConfiguration(error.message);
  }
}

/** Reads a file's bytes and a command line as this version of coturn does. */
export function configurationOf(
  bytes: Uint8Array,
  {
    path,
    foundBy,
    argv,
    version,
  }: { path: string; foundBy: ConfigFact['foundBy']; argv: readonly string[]; version: string },
): Configuration {
  const parsed = parseConfig(bytes, path, version);
  const args = argv.length > 0 ? parseArguments(argv, version) : undefined;
  const entries: readonly ParsedEntry[] = [...parsed.entries, ...(args?.entries ?? [])];
  return {
    fact: known(configFact(parsed, { foundBy, args })),
    secrets: secretsOf(entries),
    keyPassword: entries.findLast(({ name }) => name === 'pkey-pwd')?.value ?? null,
    secretTexts: secretTexts(entries),
  };
}
