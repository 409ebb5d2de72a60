import { type Settings, settingsOf } from '../../config/settings.ts';
import type { ConfigFact, FactValues } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { formatIp, type Ip, parseIp } from '../../util/ip.ts';
import { listed } from '../../util/text.ts';
import { externalIps } from '../external-ip.ts';
import { formatted, hasOwnNetwork, hostAddresses, isInternal, relayAddresses } from '../relay-addresses.ts';
import { fromOutside, hasAllocated, nothingFound, wireEvidence } from '../wire-evidence.ts';

type Seen = Partial<Pick<FactValues, 'config' | 'version' | 'wire' | 'addresses' | 'service' | 'containers'>>;

export default defineRule({
  id: 'nat/external-ip-missing',
  meta: {
    title: 'The relayed address is private',
    effect: 'Calls work inside the network of the server only',
    why: "Behind NAT (a cloud's elastic address, a router) the interface has a private address, and coturn announces that as the relayed address unless external-ip says otherwise. Peers on the internet cannot send to it.",
    remedy: 'Add external-ip=PUBLIC/PRIVATE, PRIVATE being the address of the interface, and restart coturn.',
    severity: 'error',
    explainedBy: [
      'nat/external-ip-empty',
      'nat/external-ip-invalid',
      'nat/external-ip-reversed',
      'nat/external-ip-unmapped',
      'config/inline-comment',
      'config/not-coturn',
    ],
    references: ['RFC 8656 §7.2'],
  },
  either: ['wire', 'addresses'],
  uses: ['config', 'version', 'service', 'containers'],
  check: seen => {
    const proof = privateOnTheWire(seen);
    if (proof !== null) return [proof];
    const settings = settingsOfSeen(seen);
    if (settings !== null) return privateByFile(seen.config!, settings, seen);
    const shown = fromOutside(seen.wire) && hasAllocated(seen.wire);
    return nothingFound(undefined, shown, 'no relayed address was seen from outside');
  },
});

const settingsOfSeen = ({ config, version }: Seen): Settings | null =>
  config === undefined || version === undefined ? null : settingsOf(config, version.version);

/** Reached at a public address from elsewhere, and a private one came back. */
function privateOnTheWire(seen: Seen): Problem | null {
  if (!fromOutside(seen.wire)) return null;
  for (const allocate of observed(seen.wire.observations, 'turn-allocate')) {
    if (allocate.outcome !== 'allocated' || allocate.server === undefined) continue;
    const relayed = parseIp(allocate.relayedAddress.ip);
    const server = parseIp(allocate.server.ip);
    if (relayed === null || server === null || !isInternal(relayed) || isInternal(server)) continue;
    const settings = settingsOfSeen(seen);
    // The file has it: the server was not restarted since, or the line does not do what it should.
    const written = settings === null ? undefined : externalIps(settings)[0];
    return {
      message: `The server is reached at ${allocate.server.ip} and hands out the private relayed address ${allocate.relayedAddress.ip}`,
      option: 'external-ip',
      evidence: wireEvidence(allocate),
      remedy:
        written === undefined
          ? `Add external-ip=${allocate.server.ip}/${allocate.relayedAddress.ip} and restart coturn.`
          : `The file has external-ip=${written.entry.value} (line ${written.entry.line}), which is not in force: restart coturn, or write ${allocate.server.ip}/${allocate.relayedAddress.ip}.`,
    };
  }
  return null;
}

/** No external-ip, and nothing but private addresses to relay from: right only where all clients are inside too. */
function privateByFile(config: ConfigFact, settings: Settings, seen: Seen): readonly Problem[] {
  const { addresses, service, containers } = seen;
  if (settings.isSet('external-ip') || addresses === undefined) return [];
  const ownNetwork = hasOwnNetwork(service, containers);
  const relay = relayAddresses(settings, ownNetwork ? undefined : addresses)?.ips ?? [];
  if (relay.length === 0 || !relay.every(isInternal)) return [];
  const publicIps = hostAddresses(addresses).filter(ip => !isInternal(ip));
  return [
    {
      message: `coturn relays from ${listed(formatted(relay))} and no external-ip is set: peers outside this network cannot reach that`,
      option: 'external-ip',
      at: { file: config.path },
      evidence: `no external-ip in ${config.path}; ${addressesOf(publicIps)}`,
      severity: 'warning',
    },
  ];
}

const addressesOf = (publicIps: readonly Ip[]): string =>
  publicIps.length === 0
    ? 'this host has no public address itself'
    : `this host also has ${listed(publicIps.map(formatIp))}, which relay-ip leaves out`;
