import { readConfig } from '../config/read-config.ts';
import { gatherNamedFile } from '../facts/config-file.ts';
import { unknownFacts } from '../facts/unknown-facts.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type {
  ConfigFact,
  ConfigFileFact,
  FactName,
  Facts,
  UpgradeFact,
  VersionFact,
} from '../model/facts.ts';
import type { Rule } from '../model/rule.ts';
import type { Io } from './io.ts';

/** Far above any configuration that was ever written, far below what would hurt. */
const LARGEST_FILE = 64 * 1024 * 1024;

/** A file to judge, or standard input. */
export interface LintInput {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Its mode and owner. */
  readonly configFile: Fact<ConfigFileFact>;
}

/** @throws {HostError} for a file that cannot be read */
export async function readInput(file: string, stdinName: string | undefined, io: Io): Promise<LintInput> {
  if (file === '-') {
    const configFile = unknown('standard input has no owner and no mode');
    return { path: stdinName ?? '<stdin>', bytes: await io.readStdin(), configFile };
  }
  const [bytes, configFile] = await Promise.all([
    io.host.readFile(file, { maxBytes: LARGEST_FILE }),
    gatherNamedFile(io.host, file),
  ]);
  return { path: file, bytes, configFile };
}

export const factOf = ({ path, bytes }: LintInput, { version }: VersionFact): ConfigFact =>
  readConfig(bytes, { path, foundBy: 'asked', version });

/** What is the same for every file of a run. */
export interface LintContext {
  readonly version: VersionFact;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The version, the upgrade asked about, and nothing of the file yet. */
  readonly base: Facts;
}

/** What every file is judged with. `now` in milliseconds since 1970. */
export const contextOf = (version: VersionFact, upgrade: Fact<UpgradeFact>, now: number): LintContext => ({
  version,
  now,
  base: {
    ...unknownFacts(new Date(now).toISOString(), 'lint judges the file alone'),
    version: known(version),
    upgrade,
  },
});

/** The file, its mode, the version, and nothing else. */
export const factsOf = (
  config: ConfigFact,
  { configFile }: Pick<LintInput, 'configFile'>,
  { base }: LintContext,
): Facts => ({ ...base, config: known(config), configFile });

const FILE_FACTS: readonly FactName[] = ['config', 'configFile', 'version', 'upgrade'];

/** Whether a rule needs nothing but those. */
export const judgesFiles = ({ needs, either }: Rule): boolean =>
  needs.every(name => FILE_FACTS.includes(name)) &&
  (either.length === 0 || either.includes('config')) &&
  [...needs, ...either].includes('config');
