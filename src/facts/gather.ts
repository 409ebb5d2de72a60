import type { Settings } from '../config/settings.ts';
import { NEWEST_RELEASE } from '../config/versions.ts';
import { boundedHost } from '../host/bounded.ts';
import type { Host } from '../host/host.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { Facts, VersionFact, WireFact } from '../model/facts.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import type { Clock, Net } from '../net/net.ts';
import type { CredentialSource } from '../probes/credential.ts';
import { EVERY_STEP, type Step } from '../probes/plan.ts';
import type { ProbeSettings } from '../probes/settings.ts';
import { type Configuration, configurationOf, readAskedConfiguration } from './configuration.ts';
import { type CredentialOrigins, chooseCredential } from './credential-choice.ts';
import { type Endpoint, readEndpoint } from './endpoint.ts';
import { gatherHostFacts } from './host-facts.ts';
import { targetsOf } from './host-targets.ts';
import { unknownFacts } from './unknown-facts.ts';
import { versionOnWire } from './version-on-wire.ts';
import { gatherWire, setGuessedTlsApart } from './wire.ts';

/** The world as a run sees it, and how long it may take. */
export interface Surroundings {
  readonly host: Host;
  readonly net: Net;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Set where `host` is another machine than the one the wire is seen from. */
  readonly remote?: { readonly address: string | null } | undefined;
  /** What is being waited for, in words. */
  readonly onProgress: (text: string) => void;
}

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
  const probed = await probe(around, targets, {
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
      wire: asked?.bare ? setGuessedTlsApart(wire, without(asked.targets, listed)) : wire,
      ...endpointFact(endpoint),
    },
    targets,
    settings,
    credential: chooseCredential(sources, now).source,
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
  const probed = await probe(around, targets, {
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
          wire: setGuessedTlsApart(probed.wire, without(asked, handedOut)),
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

const without = (uris: readonly ServerUri[], others: readonly ServerUri[]): readonly ServerUri[] =>
  uris.filter(uri => !others.some(other => formatUri(other) === formatUri(uri)));

/** The embedded server of the demo: its planted configuration, and its wire. */
export async function gatherDemo(
  around: Surroundings,
  { port, text, path }: { readonly port: number; readonly text: string; readonly path: string },
): Promise<Gathered> {
  const now = around.clock.now();
  const version: VersionFact = { version: '4.6.1', origin: 'asked' };
  const configuration: Configuration = configurationOf(new TextEncoder().encode(text), {
    path,
    foundBy: 'demo',
    argv: [],
    version: version.version,
  });
  const targets: ServerUri[] = [{ scheme: 'turn', host: '127.0.0.1', port, transport: 'udp' }];
  const probed = await probe(around, targets, {
    vantage: 'server-host',
    embedded: true,
    now,
    sources: { configured: configuration.secrets },
  });
  const base = unknownFacts(new Date(now).toISOString(), 'the embedded server is no service of this host');
  return {
    facts: { ...base, version: known(version), config: configuration.fact, ...probed },
    targets,
  };
}

const NEWEST: VersionFact = { version: NEWEST_RELEASE, origin: 'newest-known' };

/** node-turn takes every peer, kills an allocation on Refresh and drops ChannelData: none of that is the user's fault. */
const EMBEDDED_STEPS: ReadonlySet<Step> = new Set(['stun-binding', 'turn-allocate', 'turn-data-path']);

interface ProbeInput {
  readonly vantage: WireFact['vantage'];
  readonly embedded?: boolean;
  readonly domain?: string | undefined;
  readonly steps?: ReadonlySet<Step> | undefined;
  readonly settings?: ProbeSettings | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly sources: CredentialOrigins;
}

async function probe(
  { net, clock, signal, timeoutMs, onProgress }: Surroundings,
  uris: readonly ServerUri[],
  { vantage, embedded = false, domain, steps = EVERY_STEP, settings, now, sources }: ProbeInput,
): Promise<Pick<Facts, 'wire' | 'credential'>> {
  const credential = chooseCredential(sources, now);
  const wire = await gatherWire(
    net,
    clock,
    {
      uris,
      domain,
      vantage,
      embedded,
      timeoutMs,
      credential: credential.source,
      steps: embedded ? EMBEDDED_STEPS : steps,
      settings,
    },
    signal,
    ({ waitingFor }) => onProgress(`waiting for ${waitingFor}`),
  );
  return { wire: embedded ? withoutChannels(wire) : wire, credential: credential.fact };
}

function withoutChannels(wire: Fact<WireFact>): Fact<WireFact> {
  if (!wire.known) return wire;
  const leg = { outcome: 'skipped', reason: 'the embedded server does not relay ChannelData' } as const;
  const observations = wire.value.observations.map(observation =>
    observation.probe === 'turn-data-path' && observation.outcome === 'complete'
      ? { ...observation, channelBind: leg, channelInbound: leg, channelOutbound: leg }
      : observation,
  );
  return known({ ...wire.value, observations });
}

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
