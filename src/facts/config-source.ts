import { parseArguments } from '../config/parse-arguments.ts';
import { NEWEST_RELEASE } from '../config/versions.ts';
import { orNull } from '../host/attempt.ts';
import type { Container } from '../host/docker.ts';
import type { Host } from '../host/host.ts';
import { findLikeCoturn, searchPath } from '../host/search-path.ts';
import { expandCommand, parseEnvironment, type Unit } from '../host/systemd.ts';
import type { ConfigFact } from '../model/facts.ts';
import {
  type Survey,
  serviceContainer,
  serviceIdentity,
  serviceProcess,
  serviceUnit,
  serviceView,
} from './survey.ts';

/** Where the running or configured coturn has its options from. Its argv may hold secrets: it is no fact. */
export interface ConfigSource {
  /** The file as coturn names it; null when it runs without one. */
  readonly path: string | null;
  /** The same file for turnctl on this host: another path when coturn is in a container. */
  readonly hostPath: string | null;
  readonly foundBy: Exclude<ConfigFact['foundBy'], 'asked' | 'demo'>;
  /** The command line, variables of the unit replaced; empty when there is none to be found. */
  readonly argv: readonly string[];
  /** How it was found, for the report: `-c of the running process 295`. */
  readonly because: string;
}

const DEFAULT_NAME = 'turnserver.conf';

/**
 * The configuration file the service really reads. A running process knows best, then its unit, then its container;
 * without any of them, what coturn would find by itself.
 */
export async function findConfigSource(host: Host, survey: Survey): Promise<ConfigSource> {
  const told = await commandLine(host, survey);
  const view = serviceView(survey);
  const identity = serviceIdentity(survey);
  const { configFile, readsFile } = parseArguments(told.argv, NEWEST_RELEASE);
  const { argv, foundBy } = told;
  if (!readsFile) return { path: null, hostPath: null, foundBy, argv, because: `-n of ${told.what}` };

  const container = serviceContainer(survey);
  const name = configFile ?? DEFAULT_NAME;
  const found = await findLikeCoturn(host, name, identity.known ? identity.value : null, view);
  // A file that was asked for by its full name stays the answer when it is missing: that is the fault to show.
  const path = found ?? (searchPath(name).length === 1 ? name : null);
  return {
    path,
    hostPath: path && onHost(path, view.root, container),
    foundBy: configFile === null ? 'search-path' : foundBy,
    argv,
    because:
      configFile === null ? `coturn’s search path, from ${view.workingDirectory}` : `-c of ${told.what}`,
  };
}

interface CommandLine {
  readonly argv: readonly string[];
  readonly foundBy: ConfigSource['foundBy'];
  readonly what: string;
}

async function commandLine(host: Host, survey: Survey): Promise<CommandLine> {
  const process = serviceProcess(survey);
  if (process) return { argv: process.argv, foundBy: 'process', what: `the running process ${process.pid}` };
  const unit = serviceUnit(survey);
  if (unit) return { argv: await unitCommand(host, unit), foundBy: 'unit', what: unit.name };
  const container = serviceContainer(survey);
  if (container)
    return { argv: container.argv, foundBy: 'container', what: `the container ${container.name}` };
  return { argv: [], foundBy: 'search-path', what: 'coturn' };
}

/** ExecStart as the service would get it. Variables of environment files come on top of those of the unit. */
async function unitCommand(host: Host, unit: Unit): Promise<readonly string[]> {
  if (!unit.argv.some(word => word.includes('$'))) return unit.argv;
  const files = await Promise.all(unit.environmentFiles.map(path => orNull(() => host.readFile(path))));
  const texts = [unit.environment.join('\n'), ...files.map(bytes => Buffer.from(bytes ?? []).toString())];
  return expandCommand(unit.argv, Object.assign({}, ...texts.map(parseEnvironment)));
}

/** A file that is mounted into a container is the one an operator edits; others are seen through the process. */
function onHost(path: string, root: string, container: Container | null): string {
  const mount = container?.mounts.find(
    ({ destination }) => path === destination || path.startsWith(`${destination}/`),
  );
  if (mount) return mount.source + path.slice(mount.destination.length);
  return root + path;
}
