import { listenerPlan, relayRange } from '../config/effective.ts';
import type { Settings } from '../config/settings.ts';
import type { Host } from '../host/host.ts';
import { readFileLimit } from '../host/process-limits.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { Facts, ServiceFact, TlsFilesFact } from '../model/facts.ts';
import { type Observation, observed } from '../model/observation.ts';
import type { CertificateState, FileLimit, ServiceState } from '../model/service-state.ts';
import { formatAddress } from '../model/transport.ts';
import { allocationsAmong, ownSockets } from './relay-sockets.ts';

/** Start times are known to the second only. */
const TOLERANCE_MS = 2000;

/** What the facts say of the service; asks the host only for the limits of its process. Null without a service. */
export async function gatherServiceState(
  host: Host,
  facts: Facts,
  settings: Settings | null,
): Promise<ServiceState | null> {
  if (!facts.service.known) return null;
  const { mainPid } = facts.service.value;
  const limit = mainPid === null ? unknown('it does not run') : await readFileLimit(host, mainPid);
  return stateOf(facts.service.value, facts, settings, limit);
}

/** Pure part of the above. */
export function stateOf(
  service: ServiceFact,
  facts: Facts,
  settings: Settings | null,
  openFiles: Fact<FileLimit>,
): ServiceState {
  const { manager, name, active, sub, enabled, restarts, user, privateTmp, compose } = service;
  const running = service.mainPid !== null;
  const startedAt = running ? service.startedAt : null;
  const uptimeMs = startedAt === null ? null : Date.parse(facts.observedAt) - Date.parse(startedAt);
  const [unitFile = null, ...dropIns] = service.fragments;
  const unsettled = unknown('the configuration is not known');
  return {
    ...{ manager, name, active, sub, enabled, restarts, user, privateTmp, startedAt, unitFile, dropIns },
    ...(compose === undefined ? {} : { compose }),
    pid: service.mainPid,
    uptimeSeconds: uptimeMs === null ? null : Math.max(0, Math.round(uptimeMs / 1000)),
    version: facts.version.known ? facts.version.value : { version: '', origin: 'newest-known' },
    configuration: configurationOf(facts, startedAt),
    listeners: settings === null ? unsettled : listenersOf(facts, service.mainPid, settings),
    certificate: certificateOf(facts),
    allocations: !running
      ? unknown('it does not run')
      : settings === null
        ? unsettled
        : allocationsAmong(facts.sockets, service.mainPid, settings),
    openFiles,
    capabilities: service.capabilities,
    lowPorts: lowPortsOf(service, facts, settings),
  };
}

function configurationOf(
  { config, configFile }: Facts,
  startedAt: string | null,
): ServiceState['configuration'] {
  if (!config.known) return config;
  const { path, foundBy } = config.value;
  const modifiedAt = configFile.known && !configFile.value.missing ? configFile.value.modifiedAt : null;
  const changedSinceStart =
    startedAt === null || modifiedAt === null
      ? null
      : Date.parse(modifiedAt) > Date.parse(startedAt) + TOLERANCE_MS;
  return known({ path, foundBy, changedSinceStart });
}

function listenersOf({ sockets }: Facts, pid: number | null, settings: Settings): ServiceState['listeners'] {
  if (!sockets.known) return sockets;
  if (pid === null) return unknown('it does not run');
  const { min, max } = relayRange(settings);
  const plan = listenerPlan(settings);
  const ports = [plan.udp.port, plan.tls.port];
  const own = ownSockets(sockets.value, pid);
  if (!own.known) return own;
  return known(
    own.value
      .filter(({ port }) => ports.includes(port) || port < min || port > max)
      .map(({ protocol, ip, port }) => ({ protocol, ip, port })),
  );
}

function certificateOf({ tlsFiles, wire }: Facts): ServiceState['certificate'] {
  if (!tlsFiles.known) return tlsFiles;
  return compareCertificates(tlsFiles.value, wire.known ? wire.value.observations : []);
}

/** The certificate of the file beside those that were shown on the wire. */
export function compareCertificates(
  { certificate, certificateFile }: TlsFilesFact,
  observations: readonly Observation[],
): Fact<CertificateState> {
  if (!certificate.known) return certificate;
  const { fingerprint256, notAfter } = certificate.value;
  const served = observed(observations, 'tls-handshake').flatMap(handshake =>
    handshake.outcome === 'handshake' && handshake.server !== undefined
      ? [
          {
            address: formatAddress(handshake.server),
            fingerprint256: handshake.certificate.fingerprint256,
            notAfter: handshake.certificate.notAfter,
            same: handshake.certificate.fingerprint256 === fingerprint256,
          },
        ]
      : [],
  );
  return known({ path: certificateFile.path, fingerprint256, notAfter, served });
}

function lowPortsOf(
  { user, capabilities }: ServiceFact,
  { kernel }: Facts,
  settings: Settings | null,
): ServiceState['lowPorts'] {
  const first = kernel.known ? kernel.value.unprivilegedPortStart : 1024;
  const plan = settings && listenerPlan(settings);
  const used = plan === null ? [] : [plan.udp.port, ...(plan.tls.on ? [plan.tls.port] : [])];
  const ports = [...new Set(used.filter(port => port > 0 && port < first))];
  return { ports, allowed: user === 'root' || capabilities.includes('cap_net_bind_service') };
}
