import { basename } from 'node:path';
import { parseArguments } from '../config/parse-arguments.ts';
import { NEWEST_RELEASE } from '../config/versions.ts';
import { type FileView, plainView } from '../host/access.ts';
import { type Accounts, type Identity, identityOf, readAccounts, userName } from '../host/accounts.ts';
import { type Container, readContainers } from '../host/docker.ts';
import type { Host } from '../host/host.ts';
import { readProcesses, type TurnserverProcess } from '../host/procfs.ts';
import { readUnits, type Unit } from '../host/systemd.ts';
import { type Fact, known, unknown } from '../model/fact.ts';

/** What the facts about the service are derived from, read once. Command lines in it may hold secrets: it is no fact. */
export interface Survey {
  readonly units: Fact<readonly Unit[]>;
  readonly processes: Fact<readonly TurnserverProcess[]>;
  readonly containers: Fact<readonly Container[]>;
  readonly accounts: Fact<Accounts>;
}

/** Names of coturn's unit: Debian's and EPEL's, then that of older packages and of guides. */
const UNIT_NAMES = ['coturn.service', 'turnserver.service'];

/** Reads units, processes, containers and accounts at the same time. */
export async function surveyHost(host: Host): Promise<Survey> {
  const [units, processes, containers, accounts] = await Promise.all([
    readUnits(host, UNIT_NAMES),
    readProcesses(host),
    readContainers(host),
    readAccounts(host),
  ]);
  return { units: await withUnitsOf(host, units, processes), processes, containers, accounts };
}

/** A turnserver may run under a unit of another name. */
async function withUnitsOf(
  host: Host,
  units: Survey['units'],
  processes: Survey['processes'],
): Promise<Survey['units']> {
  if (!units.known || !processes.known) return units;
  const asked = new Set([...UNIT_NAMES, ...units.value.map(({ name }) => name)]);
  const others = processes.value.map(({ unit }) => unit).filter(unit => unit !== null && !asked.has(unit));
  if (others.length === 0) return units;
  const more = await readUnits(host, [...new Set(others.filter(unit => unit !== null))]);
  return more.known ? known([...units.value, ...more.value]) : units;
}

/** The unit that is coturn's on this host: one that runs before one that does not; null when none is loaded. */
export function serviceUnit({ units }: Survey): Unit | null {
  if (!units.known) return null;
  const loaded = units.value.filter(({ load, argv }) => load !== 'not-found' && !startsContainer(argv));
  return loaded.find(({ mainPid }) => mainPid !== null) ?? loaded[0] ?? null;
}

/** `docker run …` in a unit: the container tells more than the unit does. */
const startsContainer = (argv: readonly string[]): boolean =>
  /(^|\/)(docker|podman)(-compose)?$/.test(argv[0] ?? '');

/** The container that is coturn's, unless a unit is; one that runs before one that does not. */
export function serviceContainer(survey: Survey): Container | null {
  if (!survey.containers.known || serviceUnit(survey)) return null;
  return survey.containers.value.find(({ running }) => running) ?? survey.containers.value[0] ?? null;
}

/** The process that is the service's; without unit and container, the first one that was started by hand. */
export function serviceProcess(survey: Survey): TurnserverProcess | null {
  if (!survey.processes.known) return null;
  const unit = serviceUnit(survey);
  const container = serviceContainer(survey);
  return (
    survey.processes.value.find(process => {
      if (unit) return process.pid === unit.mainPid || process.unit === unit.name;
      if (container) return process.container === container.id;
      // A lab or a test may run its own in a network namespace: that one serves nobody here.
      return !process.contained && process.sameNetwork;
    }) ?? null
  );
}

/** The user as whom coturn opens its files when it starts. */
export function serviceIdentity(survey: Survey): Fact<Identity> {
  const unit = serviceUnit(survey);
  if (unit) {
    if (!survey.accounts.known) return survey.accounts;
    const identity = identityOf(survey.accounts.value, unit);
    return identity
      ? known(identity)
      : unknown(`${unit.name} runs as ${unit.user}, a user this host does not know`);
  }
  const process = serviceProcess(survey);
  if (process)
    return known({ name: userName(survey.accounts, process.uid), uid: process.uid, gids: process.gids });
  return unknown('no service and no process of coturn was found, so its user is not known');
}

/** How the service sees the file system. */
export function serviceView(survey: Survey): FileView {
  const unit = serviceUnit(survey);
  const process = serviceProcess(survey);
  if (unit) {
    return {
      ...plainView,
      workingDirectory: unit.workingDirectory,
      inaccessible: unit.inaccessiblePaths,
      ownFolders: unit.privateTmp ? ['/tmp', '/var/tmp'] : [],
      writable: unit.writablePaths,
    };
  }
  const workingDirectory = process?.cwd ?? serviceContainer(survey)?.workingDirectory ?? '/';
  return { ...plainView, workingDirectory, root: process?.contained ? `/proc/${process.pid}/root` : '' };
}

const withProcesses = (survey: Survey, keep: (process: TurnserverProcess) => boolean): Survey => ({
  ...survey,
  processes: survey.processes.known ? known(survey.processes.value.filter(keep)) : survey.processes,
});

/** The survey without processes of other files: they may be other releases. */
export const startedWith = (survey: Survey, configPath: string): Survey =>
  withProcesses(survey, ({ argv }) => argv.includes(configPath));

/**
 * The survey for the log of a file: processes that were started with it; without any, those that may read it by another
 * path or by themselves. What names another file writes another log.
 */
export function servedBy(survey: Survey, configPath: string): Survey {
  const started = startedWith(survey, configPath);
  if (started.processes.known && started.processes.value.length > 0) return started;
  return withProcesses(survey, ({ argv }) => {
    const { configFile } = parseArguments(argv, NEWEST_RELEASE);
    return configFile === null || basename(configFile) === basename(configPath);
  });
}
