import { listenerPlan, logDestination } from '../config/effective.ts';
import { type Settings, settingsOf } from '../config/settings.ts';
import { NEWEST_RELEASE } from '../config/versions.ts';
import type { Host } from '../host/host.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { Facts, FactValues, VersionFact } from '../model/facts.ts';
import { withoutSecrets } from '../util/mask.ts';
import { gatherAccounts } from './accounts.ts';
import { gatherAddresses } from './addresses.ts';
import { gatherConfigFile } from './config-file.ts';
import { type ConfigSource, findConfigSource } from './config-source.ts';
import { type Configuration, readAskedConfiguration, readServiceConfiguration } from './configuration.ts';
import { containerFacts } from './containers.ts';
import { gatherFirewall } from './firewall.ts';
import { gatherKernel } from './kernel.ts';
import { gatherLog } from './log.ts';
import { gatherLogLines } from './log-lines.ts';
import { processFacts } from './process.ts';
import { gatherService } from './service.ts';
import { gatherSockets } from './sockets.ts';
import { type Survey, servedBy, serviceProcess, startedWith, surveyHost } from './survey.ts';
import { gatherTlsFiles } from './tls-files.ts';
import { gatherVersion, versionSources } from './version.ts';

/** What the host itself tells; the wire, the endpoint and the operator tell the rest. */
type HostFactName = Exclude<keyof FactValues, 'wire' | 'credential' | 'endpoint' | 'client' | 'upgrade'>;

export interface HostFacts {
  readonly facts: Pick<Facts, HostFactName>;
  readonly configuration: Configuration;
  /** Known when there is a configuration. */
  readonly settings: Settings | null;
  /** True when nothing on this host looks like coturn: no unit, process, container, program or file. */
  readonly absent: boolean;
}

export interface HostFactsInput {
  readonly host: Host;
  /** `--config`: this file instead of the one found. */
  readonly configPath?: string | undefined;
  /** `--as-version`. */
  readonly version?: VersionFact | undefined;
}

/** Reads this host: what depends on nothing at once, then what the configuration asks for. @throws {HostError} for `configPath` */
export async function gatherHostFacts({
  host,
  configPath,
  version: asked,
}: HostFactsInput): Promise<HostFacts> {
  const independent = {
    addresses: gatherAddresses(host),
    kernel: gatherKernel(host),
    firewall: gatherFirewall(host),
  };
  awaitedLater(...Object.values(independent));
  const survey = await surveyHost(host);
  const service = gatherService(host, survey);
  awaitedLater(service);
  const [found, source] = await Promise.all([
    gatherVersion(host, versionSources(configPath === undefined ? survey : startedWith(survey, configPath))),
    configPath === undefined ? findConfigSource(host, survey) : askedSource(configPath),
  ]);
  const version: Fact<VersionFact> = asked === undefined ? found : known(asked);
  const judgedBy = version.known ? version.value.version : NEWEST_RELEASE;
  const configuration = await (configPath === undefined
    ? readServiceConfiguration(host, source, judgedBy)
    : readAskedConfiguration(host, configPath, judgedBy));
  const settings = configuration.fact.known ? settingsOf(configuration.fact.value, judgedBy) : null;
  const [accounts, configFile, tlsFiles, log, sockets, addresses, kernel, firewall, serviceFact] =
    await Promise.all([
      gatherAccounts(host, survey, accountsWanted(settings)),
      gatherConfigFile(host, survey, source),
      settings === null
        ? unknown('the configuration is not known')
        : tlsFilesOf(host, survey, settings, configuration),
      settings === null
        ? unknown('the configuration is not known')
        : gatherLog(
            host,
            configPath === undefined ? survey : servedBy(survey, configPath),
            logDestination(settings),
          ),
      gatherSockets(host, survey),
      independent.addresses,
      independent.kernel,
      independent.firewall,
      service,
    ]);
  const logLines = await gatherLogLines(host, log, serviceFact);
  return {
    facts: {
      version: version.known ? version : known({ version: NEWEST_RELEASE, origin: 'newest-known' }),
      config: configuration.fact,
      configFile,
      ...withoutKnownSecrets(
        { service: serviceFact, processes: processFacts(survey), logLines },
        configuration,
      ),
      sockets,
      addresses,
      accounts,
      tlsFiles,
      firewall,
      log,
      kernel,
      containers: containerFacts(survey),
    },
    configuration,
    settings,
    absent:
      configPath === undefined &&
      source.path === null &&
      !found.known &&
      serviceProcess(survey) === null &&
      !serviceFact.known,
  };
}

/** What they throw is thrown where they are awaited, and is no unhandled rejection until then. */
function awaitedLater(...promises: readonly Promise<unknown>[]): void {
  for (const promise of promises) promise.catch(() => {});
}

/** Logs and command lines may repeat a secret of the configuration in words that no pattern knows. */
function withoutKnownSecrets(
  { service, processes, logLines }: Pick<Facts, 'service' | 'processes' | 'logLines'>,
  { secretTexts }: Configuration,
): Pick<Facts, 'service' | 'processes' | 'logLines'> {
  const clean = (lines: readonly string[]) => lines.map(line => withoutSecrets(line, secretTexts));
  return {
    service: mapped(service, value => ({
      ...value,
      argv: clean(value.argv),
      journal: mapped(value.journal, clean),
    })),
    processes: mapped(processes, value => value.map(process => ({ ...process, argv: clean(process.argv) }))),
    logLines: mapped(logLines, value => ({ ...value, lines: clean(value.lines) })),
  };
}

const mapped = <T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> =>
  fact.known ? known(change(fact.value)) : fact;

const askedSource = async (path: string): Promise<ConfigSource> => ({
  path,
  hostPath: path,
  foundBy: 'process',
  argv: [],
  because: '--config',
});

const written = (settings: Settings | null, option: string): string | null =>
  settings?.isSet(option) ? settings.text(option) : null;

const accountsWanted = (settings: Settings | null) => ({
  procUser: written(settings, 'proc-user'),
  procGroup: written(settings, 'proc-group'),
});

async function tlsFilesOf(
  host: Host,
  survey: Survey,
  settings: Settings,
  { keyPassword }: Configuration,
): Promise<Facts['tlsFiles']> {
  const plan = listenerPlan(settings);
  if (!plan.tls.on && !plan.dtls.on) return unknown('no TLS listener in this configuration');
  return gatherTlsFiles(host, survey, {
    certificate: written(settings, 'cert'),
    key: written(settings, 'pkey'),
    keyPassword,
  });
}
