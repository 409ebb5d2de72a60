import type { DiscoveredRecord, DiscoveryObservation } from '../model/observations/dns-discovery.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import type { DnsRecord } from '../net/net.ts';
import type { ProbeContext } from './conversation.ts';

type Service = Pick<ServerUri, 'scheme' | 'transport'>;

/** The names of SRV records, and what stands behind each (RFC 8489 §8.1, RFC 8656 §4, RFC 5928 §3). */
const SERVICES: { readonly [label: string]: Service } = {
  '_turn._udp': { scheme: 'turn', transport: 'udp' },
  '_turn._tcp': { scheme: 'turn', transport: 'tcp' },
  '_turns._tcp': { scheme: 'turns', transport: 'tls' },
  '_stun._udp': { scheme: 'stun', transport: 'udp' },
  '_stun._tcp': { scheme: 'stun', transport: 'tcp' },
  '_stuns._tcp': { scheme: 'stuns', transport: 'tls' },
};

/** Transports of the application service RELAY (RFC 5928 §5). DTLS is not spoken here. */
const RELAY_TRANSPORTS: { readonly [protocol: string]: Service } = {
  'turn.udp': { scheme: 'turn', transport: 'udp' },
  'turn.tcp': { scheme: 'turn', transport: 'tcp' },
  'turn.tls': { scheme: 'turns', transport: 'tls' },
};

/** A NAPTR record may lead to another; a circle must not lead on for ever. */
const MOST_STEPS = 3;

/** A resolver that takes longer leaves too little time for the servers. */
const MOST_MS = 2000;

type Target = DiscoveredRecord['targets'][number];

interface Found {
  readonly record: DiscoveredRecord;
  readonly uris: readonly ServerUri[];
}

/** Where the records of a domain lead, and the URIs to probe for that. */
export async function discover(
  domain: string,
  context: ProbeContext,
): Promise<{ readonly observation: DiscoveryObservation; readonly uris: readonly ServerUri[] }> {
  const { clock, deadlineMs, onEvent } = context;
  onEvent({ waitingFor: `SRV and NAPTR records of ${domain}` });
  const timeoutMs = Math.max(1, Math.min(MOST_MS, (deadlineMs - clock.monotonic()) / 2));
  const startMs = clock.monotonic();
  const services = Object.entries(SERVICES);
  const asked = await Promise.all([
    ...services.map(([label, service]) => askSrv(`${label}.${domain}`, [service], context, timeoutMs)),
    askNaptr(domain, context, timeoutMs),
  ]);
  const found = asked.flat();
  const start: ServerUri = { scheme: 'turn', host: domain, port: 3478, transport: 'udp' };
  const uris = new Map(found.flatMap(({ uris }) => uris.map(uri => [formatUri(uri), uri] as const)));
  return {
    uris: [...uris.values()],
    observation: {
      probe: 'dns-discovery',
      uri: formatUri(start),
      transport: 'udp',
      stagesMs: { dns: clock.monotonic() - startMs },
      outcome: 'complete',
      domain,
      asked: services.length + 1,
      records: found.map(({ record }) => record),
    },
  };
}

async function askSrv(
  name: string,
  services: readonly Service[],
  { net, signal }: ProbeContext,
  timeoutMs: number,
): Promise<readonly Found[]> {
  const answer = await net.records('SRV', name, { timeoutMs, signal });
  if ('error' in answer)
    return [{ record: { type: 'SRV', name, error: answer.error, targets: [] }, uris: [] }];
  const records = answer.records
    .filter(record => record.type === 'SRV')
    .sort((a, b) => a.priority - b.priority);
  // RFC 2782: a target of "." says that the service is decidedly not there.
  const targets = records
    .filter(({ host }) => host !== '' && host !== '.')
    .flatMap(({ host, port, priority, weight }) =>
      services.map(service => {
        const uri = { ...service, host, port };
        return { uri, target: { host, port, priority, weight, uri: formatUri(uri) } };
      }),
    );
  return targets.length === 0 ? [] : [foundAs('SRV', name, targets)];
}

const foundAs = (
  type: 'SRV' | 'NAPTR',
  name: string,
  targets: readonly { readonly uri: ServerUri; readonly target: Target }[],
): Found => ({
  record: { type, name, targets: targets.map(({ target }) => target) },
  uris: targets.map(({ uri }) => uri),
});

async function askNaptr(
  name: string,
  context: ProbeContext,
  timeoutMs: number,
  step = 1,
): Promise<readonly Found[]> {
  const answer = await context.net.records('NAPTR', name, { timeoutMs, signal: context.signal });
  if ('error' in answer)
    return [{ record: { type: 'NAPTR', name, error: answer.error, targets: [] }, uris: [] }];
  const relays = answer.records
    .filter(record => record.type === 'NAPTR')
    .filter(({ service }) => /^relay(:|$)/i.test(service))
    .sort((a, b) => a.order - b.order || a.preference - b.preference);
  const found = await Promise.all(relays.map(relay => followNaptr(name, relay, context, timeoutMs, step)));
  return found.flat();
}

/** S-NAPTR (RFC 3958 §2.2): on to SRV records, to addresses with the usual port, or to more NAPTR records. */
async function followNaptr(
  name: string,
  { service, flags, replacement, order, preference }: Extract<DnsRecord, { type: 'NAPTR' }>,
  context: ProbeContext,
  timeoutMs: number,
  step: number,
): Promise<readonly Found[]> {
  const protocols = service.toLowerCase().split(':').slice(1);
  const services = protocols.map(protocol => RELAY_TRANSPORTS[protocol]).filter(known => known !== undefined);
  if (flags === 's') return askSrv(replacement, services, context, timeoutMs);
  if (flags === 'a') {
    const targets = services.map(known => {
      const uri = { ...known, host: replacement, port: known.transport === 'tls' ? 5349 : 3478 };
      const { port } = uri;
      return {
        uri,
        target: { host: replacement, port, priority: order, weight: preference, uri: formatUri(uri) },
      };
    });
    return targets.length === 0 ? [] : [foundAs('NAPTR', name, targets)];
  }
  if (flags === '' && step < MOST_STEPS) return askNaptr(replacement, context, timeoutMs, step + 1);
  const error = flags === '' ? 'NAPTR records lead on and on' : `flag "${flags}" is none of S-NAPTR`;
  return [{ record: { type: 'NAPTR', name, error, targets: [] }, uris: [] }];
}
