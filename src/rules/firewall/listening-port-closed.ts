import { type ListenerPlan, listenerPlan } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import type { EndpointFact } from '../../model/endpoint.ts';
import type { FactValues } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import type { Door, FirewallFact } from '../../model/firewall.ts';
import { defineRule } from '../../model/rule.ts';
import { familyOf } from '../../model/transport.ts';
import { listed } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';
import { familiesServed } from '../needed-doors.ts';
import { hasOwnNetwork } from '../relay-addresses.ts';
import { familiesText, openRemedy, shutBy, shutParts } from '../shut-ports.ts';
import { type Endpoint, endpointsOf } from '../silent-endpoints.ts';
import { endpointOf, fromOutside, wireEvidence } from '../wire-evidence.ts';

export default defineRule({
  id: 'firewall/listening-port-closed',
  meta: {
    title: 'The firewall does not let clients in',
    effect: 'Clients cannot reach the server, and gather for 40 s',
    why: 'A dropped packet looks to a browser like a slow one: it repeats its requests for 40 s over UDP before it gives up the server. UDP, TCP and TLS are opened one by one; a firewall that lets in only TCP leaves the slowest way, or none.',
    remedy:
      'Let the listening port in for each transport that clients use, in the host’s firewall and in the cloud’s.',
    severity: 'error',
    references: ['RFC 8656 §3', 'libwebrtc p2p/base/stun_request.cc'],
    explainedBy: ['service/not-running', 'firewall/udp-not-published'],
  },
  either: ['firewall', 'wire'],
  uses: ['config', 'version', 'addresses', 'service', 'containers', 'endpoint'],
  check: facts => {
    const judged = judgeRules(facts);
    const endpoints = fromOutside(facts.wire) ? endpointsOf(facts.wire) : null;
    if (judged === null && endpoints === null) {
      return {
        skip: 'neither the firewall nor the wire from outside was seen together with a configuration',
      };
    }
    // What the host's own rules explain is not said again by the silence.
    if (judged !== null && judged.length > 0) return judged;
    const found = endpoints === null ? [] : silentPorts(endpoints, facts.firewall);
    if (judged !== null || found.length > 0) return found;
    return endpoints?.some(({ state }) => state === 'alive') ? [] : { skip: 'nothing answered' };
  },
});

interface Listener extends Door {
  readonly option: 'listening-port' | 'tls-listening-port';
  readonly use: 'udp' | 'tcp' | 'tls' | 'dtls';
}

/** Listening ports that the host's own firewall shuts; null where its rules are not about coturn. */
function judgeRules(facts: Partial<FactValues>): Problem[] | null {
  const { firewall, config, version, addresses, service, containers, endpoint } = facts;
  if (!firewall || !config || !version || hasOwnNetwork(service, containers)) return null;
  const settings = settingsOf(config, version.version);
  const plan = listenerPlan(settings);
  const families = familiesServed(plan, addresses);
  const listeners = listenersOf(plan);
  const udpIsOpen = listeners.some(it => it.use === 'udp' && shutParts(firewall, it, families).length === 0);
  return listeners.flatMap(listener => {
    const parts = shutParts(firewall, listener, families);
    if (parts.length === 0) return [];
    const everyFamily = families.every(family => parts.some(part => part.family === family));
    const gravest = everyFamily && isNeeded(listener, udpIsOpen, endpoint);
    const entry = settings.deciding(listener.option);
    return [
      {
        ...(entry ? atEntry(entry) : {}),
        message: `${listener.from}/${listener.protocol} (${USES[listener.use]}) is shut for ${familiesText(parts)}`,
        evidence: shutBy(parts),
        remedy: openRemedy(firewall, parts, listener),
        ...(gravest ? {} : { severity: 'warning' as const }),
        causes: [],
      },
    ];
  });
}

const USES: Readonly<Record<Listener['use'], string>> = {
  udp: 'STUN and TURN over UDP',
  tcp: 'TURN over TCP',
  tls: 'TURN over TLS',
  dtls: 'TURN over DTLS',
};

/** DTLS is left out: no browser speaks it to a TURN server. Port 0 is one the kernel chooses. */
const listenersOf = (plan: ListenerPlan): Listener[] =>
  (
    [
      { use: 'udp', protocol: 'udp', option: 'listening-port', ...plan.udp },
      { use: 'tcp', protocol: 'tcp', option: 'listening-port', ...plan.tcp },
      { use: 'tls', protocol: 'tcp', option: 'tls-listening-port', ...plan.tls },
    ] as const
  )
    .filter(({ on, port }) => on && port !== 0)
    .map(({ use, protocol, option, port }) => ({ use, protocol, option, from: port, to: port }));

/** TCP is on by default, and many deployments leave it shut on purpose while UDP serves their clients. */
function isNeeded({ use }: Listener, udpIsOpen: boolean, endpoint: EndpointFact | undefined): boolean {
  if (use !== 'tcp' || !udpIsOpen) return true;
  const offered = endpoint?.outcome === 'answered' ? endpoint.uris : [];
  return offered.some(uri => /^turn:.*transport=tcp/.test(uri));
}

/** Ports that stay silent from outside, as far as other ports of the same address tell why. */
function silentPorts(endpoints: readonly Endpoint[], firewall: FirewallFact | undefined): Problem[] {
  if (endpoints.length > 0 && endpoints.every(({ state }) => state === 'silent')) {
    return [whollySilent(endpoints)];
  }
  return endpoints.flatMap(endpoint => {
    const alive = endpoints.filter(({ ip, state }) => ip === endpoint.ip && state === 'alive');
    // Without another sign of life it is the address that is wrong, not a port.
    if (endpoint.state === 'alive' || alive.length === 0) return [];
    const name = endpointOf(endpoint.observations[0]);
    const door = `${endpoint.port}/${endpoint.protocol}`;
    const elsewhere = isLetIn(endpoint, firewall)
      ? `the host's own firewall lets it in, so something in front of the host does not (a cloud's security group, a router, an unpublished port)`
      : `a firewall drops it, or the port is not published`;
    return [
      {
        message: `${name} is ${endpoint.state === 'silent' ? 'silent' : 'barred'} while ${listed(alive.map(it => endpointOf(it.observations[0])))} answers: ${elsewhere}`,
        evidence: [endpoint, ...alive].map(it => wireEvidence(...it.observations)).join('; '),
        remedy: `Let ${door} in: in the firewall of the host, in the security group of the cloud, and in what is published of a container.`,
      },
    ];
  });
}

const isLetIn = ({ ip, port, protocol }: Endpoint, firewall: FirewallFact | undefined): boolean =>
  firewall?.inbound.some(
    it =>
      it.family === familyOf(ip) &&
      it.protocol === protocol &&
      it.from <= port &&
      port <= it.to &&
      it.verdict === 'open',
  ) ?? false;

const whollySilent = (endpoints: readonly Endpoint[]): Problem => ({
  message: `nothing comes back from ${listed([...new Set(endpoints.map(({ ip }) => ip))])}: a firewall drops everything, or no such host is there (a host without coturn would refuse)`,
  evidence: endpoints.map(it => wireEvidence(...it.observations)).join('; '),
  remedy: `Run turnctl diagnose on the server itself, which tells the two apart; if coturn runs there, let ${listed([...new Set(endpoints.map(it => `${it.port}/${it.protocol}`))])} in.`,
});
