import type { ConfigSecrets } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import { NEWEST_RELEASE } from '../config/versions.ts';
import { boundedHost } from '../host/bounded.ts';
import type { Host } from '../host/host.ts';
import { known, unknown } from '../model/fact.ts';
import type { Facts, VersionFact } from '../model/facts.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import type { CredentialSource } from '../probes/credential.ts';
import type { Step } from '../probes/plan.ts';
import type { ProbeSettings } from '../probes/settings.ts';
import { readAskedConfiguration } from './configuration.ts';
import { type CredentialOrigins, chooseCredential } from './credential-choice.ts';
import { type Endpoint, readEndpoint } from './endpoint.ts';
import { gatherHostFacts } from './host-facts.ts';
import { targetsOf } from './host-targets.ts';
import { probeWire, versionOnWire } from './probe-wire.ts';
import type { Surroundings } from './surroundings.ts';
import { unknownFacts } from './unknown-facts.ts';
import { setGuessedTlsApart } from './wire.ts';

export interface GivenCredentials extends Omit<CredentialOrigins, 'endpoint' | 'configured'> {
  readonly endpoint?: { readonly url: string; readonly token?: string } | undefined;
}

interface Common {
  readonly given: GivenCredentials;
  /** `--as-version`. */
  readonly version?: VersionFact | undefined;
  readonly configPath?: string | undefined;
  /** What a client has on its list besides, the server's own URIs or others'. */
  readonly listed?: readonly ServerUri[] | undefined;
}

/** What a run found, and whether there was anything to find. */
export interface Gathered {
  readonly facts: Facts;
  /** The URIs that were probed. */
  readonly targets: readonly ServerUri[];
  /** Of a host: its effective configuration, null where that is not known. */
  readonly settings?: Settings | null;
  /** What was allocated with, and can be again; never printed. */
  readonly credential?: CredentialSource | undefined;
  /** Of a host: the secrets of its configuration and of its endpoint's answer, for what must not be in anything that leaves it. */
  readonly secretTexts?: readonly string[];
  /** Of a host: what can be signed with, for what can be made of it. */
  readonly secrets?: ConfigSecrets;
  /** Whose facts these are, where they were saved by an earlier run. */
  readonly host?: string;
  /** Why nothing can be judged: set when no trace of a server was found. */
  readonly nothing?: string;
}

/** Everything about the coturn of this host, and its answers on the wire. @throws {HostError} for `configPath` */
export async function gatherThisHost(
  around: Surroundings,
  { given, version, configPath, listed = [], asked, steps, challengesOnly }: Common & HostTargets,
): Promise<Gathered> {
  const now = around.clock.now();
  const { remote } = around;
  around.onProgress(remote === undefined ? 'reading this host' : `reading ${around.host.name}`);
  const [{ facts: hostFacts, configuration, settings, absent }, endpoint] = await Promise.all([
    withinTime(around, host => gatherHostFacts({ host, configPath, version })),
    askEndpoint(around, given),
  ]);
  const base = { ...unknownFacts(new Date(now).toISOString(), 'not asked for'), ...hostFacts };
  if (absent) {
    return {
      facts: { ...base, wire: unknown('there is no server to probe') },
      targets: [],
      nothing: 'No coturn was found on this host: no unit, process, container, program or configuration file',
    };
  }
  const addresses = hostFacts.addresses.known ? hostFacts.addresses.value : [];
  const own = asked?.targets ?? (settings === null ? [] : targetsOf(settings, addresses, remote));
  const targets = distinct([...own, ...listed]);
  const sources = { ...given, endpoint: endpoint?.credential, configured: configuration.secrets };
  const probed = await probeWire(around, targets, {
    vantage: remote === undefined ? 'server-host' : 'elsewhere',
    steps,
    now,
    sources: challengesOnly === true ? {} : sources,
  });
  const { wire } = probed;
  return {
    facts: {
      ...base,
      ...probed,
      wire: asked?.bare ? setGuessedTlsApart(wire, asked.targets, listed) : wire,
      ...endpointFact(endpoint),
    },
    targets,
    settings,
    credential: chooseCredential(sources, now).source,
    secretTexts: [
      ...configuration.secretTexts,
      ...(endpoint?.credential === undefined ? [] : [endpoint.credential.password]),
    ],
    secrets: configuration.secrets,
  };
}

interface HostTargets {
  /** A server that was named, in place of the addresses found. */
  readonly asked?: TargetInput | undefined;
  /** What is asked of it; everything by default. */
  readonly steps?: ReadonlySet<Step> | undefined;
  /** Whether credentials are kept back, so that nothing is allocated where they are needed. */
  readonly challengesOnly?: boolean;
}

/** Over SSH every program takes several round trips more. */
const REMOTE_HOST_MS = 30_000;

/** Half of the time for one program, so that what hangs leaves time for the others. */
async function withinTime<T>(
  { host, clock, signal, timeoutMs, remote }: Surroundings,
  gather: (host: Host) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const allMs = remote === undefined ? timeoutMs : Math.max(timeoutMs, REMOTE_HOST_MS);
  const cancel = clock.schedule(allMs, () => late.abort());
  try {
    const eachMs = allMs / 2;
    return await gather(boundedHost(host, { eachMs, signal: AbortSignal.any([signal, late.signal]) }));
  } finally {
    cancel();
  }
}

interface TargetInput {
  readonly targets: readonly ServerUri[];
  /** The target was a host name or an address, and the URIs are what it usually stands for. */
  readonly bare: boolean;
  /** Which of the URIs that the credential endpoint hands out are to be probed too. Default none. */
  readonly offered?: (uri: ServerUri) => boolean;
  /** A bare name: its SRV and NAPTR records may name more servers. */
  readonly domain?: string | undefined;
  /** Default: every step that `diagnose` takes by itself. */
  readonly steps?: ReadonlySet<Step>;
  readonly settings?: ProbeSettings | undefined;
}

/** A server seen from here alone; with `configPath`, its configuration beside it. @throws {HostError} for `configPath` */
export async function gatherTarget(
  around: Surroundings,
  {
    targets: asked,
    bare,
    offered,
    domain,
    steps,
    settings,
    given,
    version,
    configPath,
    listed = [],
  }: Common & TargetInput,
): Promise<Gathered> {
  const now = around.clock.now();
  const judgedBy = version ?? NEWEST;
  const [configuration, endpoint] = await Promise.all([
    configPath === undefined ? undefined : readAskedConfiguration(around.host, configPath, judgedBy.version),
    askEndpoint(around, given),
  ]);
  const handedOut = [...(offered ? (endpoint?.uris ?? []).filter(offered) : []), ...listed];
  const targets = distinct([...asked, ...handedOut]);
  const observed = unknownFacts(
    new Date(now).toISOString(),
    'only the wire was looked at: run turnctl on the server for the rest',
  );
  const sources = { ...given, endpoint: endpoint?.credential, configured: configuration?.secrets };
  const probed = await probeWire(around, targets, {
    vantage: 'elsewhere',
    now,
    domain,
    steps,
    settings,
    sources,
  });
  const facts: Facts = {
    ...observed,
    ...(configuration === undefined ? {} : { config: configuration.fact }),
    ...probed,
    ...(bare
      ? {
          wire: setGuessedTlsApart(probed.wire, asked, handedOut),
        }
      : {}),
    ...endpointFact(endpoint),
  };
  return {
    facts: { ...facts, version: known(version ?? versionOnWire(facts.wire) ?? NEWEST) },
    targets,
    credential: chooseCredential(sources, now).source,
  };
}

const distinct = (uris: readonly ServerUri[]): readonly ServerUri[] => [
  ...new Map(uris.map(uri => [formatUri(uri), uri])).values(),
];

const NEWEST: VersionFact = { version: NEWEST_RELEASE, origin: 'newest-known' };

async function askEndpoint(
  { clock, signal, timeoutMs, onProgress }: Surroundings,
  { endpoint }: GivenCredentials,
): Promise<Endpoint | undefined> {
  if (endpoint === undefined) return undefined;
  onProgress(`waiting for ${new URL(endpoint.url).host}`);
  return readEndpoint({ ...endpoint, timeoutMs, signal, clock });
}

const endpointFact = (endpoint: Endpoint | undefined): Pick<Facts, 'endpoint'> => ({
  endpoint: endpoint?.fact ?? unknown('no credential endpoint was named (--api)'),
});
