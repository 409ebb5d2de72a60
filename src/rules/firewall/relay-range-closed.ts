import { relayRange } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import type { FactValues, WireFact } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { formatAddress } from '../../model/transport.ts';
import { formatPortRange, portCount, unionPorts } from '../../util/port-range.ts';
import { listed } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';
import { familiesRelayed } from '../needed-doors.ts';
import { hasOwnNetwork } from '../relay-addresses.ts';
import { familiesText, openRemedy, shutBy, shutParts } from '../shut-ports.ts';
import { fromOutside } from '../wire-evidence.ts';

export default defineRule({
  id: 'firewall/relay-range-closed',
  meta: {
    title: 'The firewall does not let the relay ports in',
    effect: 'Clients get a relay candidate, and calls through it have no media',
    why: 'Peers send to the relayed address, a port of min-port to max-port over UDP. Allocate succeeds through the listening port, the candidate looks healthy, and what the peers send is dropped: ICE fails after some 15 s, or media goes one way.',
    remedy: 'Let min-port to max-port in over UDP, in the host’s firewall and in the cloud’s.',
    severity: 'error',
    references: ['RFC 8656 §3', 'RFC 8656 §7.2'],
    explainedBy: ['service/not-running', 'nat/external-ip-missing', 'firewall/published-range-differs'],
  },
  either: ['firewall', 'wire'],
  uses: ['config', 'version', 'addresses', 'service', 'containers'],
  check: facts => {
    const judged = judgeRules(facts);
    const seen = fromOutside(facts.wire) ? lostInbound(facts.wire, facts) : null;
    if (judged === null && seen === null) {
      return {
        skip: 'neither the firewall nor the relay from outside was seen together with a configuration',
      };
    }
    return judged !== null && judged.length > 0 ? judged : (seen ?? []);
  },
});

/** Parts of the relay range that the host's own firewall shuts; null where its rules are not about coturn. */
function judgeRules(facts: Partial<FactValues>): Problem[] | null {
  const { firewall, config, version, addresses, service, containers } = facts;
  if (!firewall || !config || !version || hasOwnNetwork(service, containers)) return null;
  const settings = settingsOf(config, version.version);
  const { min, max } = relayRange(settings);
  const range = { protocol: 'udp', from: min, to: max } as const;
  // An inverted range is another rule's, and has no ports to open.
  if (settings.flag('no-udp-relay') || portCount(range) === 0) return [];
  const families = familiesRelayed(settings, addresses);
  const parts = shutParts(firewall, range, families);
  if (parts.length === 0) return [];
  const entry = settings.deciding('min-port') ?? settings.deciding('max-port');
  const shut = unionPorts(parts);
  const whole = shut.length === 1 && shut[0]!.from === min && shut[0]!.to === max;
  const everyFamily = families.every(family => parts.some(part => part.family === family));
  return [
    {
      ...(entry ? atEntry(entry) : {}),
      message: whole
        ? `the relay range ${formatPortRange(range)}/udp is shut for ${familiesText(parts)}`
        : `${listed(shut.map(formatPortRange))}/udp of the relay range ${formatPortRange(range)} is shut for ${familiesText(parts)}`,
      evidence: shutBy(parts),
      remedy: openRemedy(firewall, parts, range),
      ...(everyFamily ? {} : { severity: 'warning' as const }),
      causes: [],
    },
  ];
}

/** Data that leaves the relay and does not come back in; null when no relaying was tried from outside. */
function lostInbound(wire: WireFact, { config, version }: Partial<FactValues>): Problem[] | null {
  const paths = observed(wire.observations, 'turn-data-path').filter(it => it.outcome === 'complete');
  if (paths.length === 0) return null;
  const range = config && version ? relayRange(settingsOf(config, version.version)) : null;
  return paths.flatMap(path => {
    if (path.outbound.outcome !== 'passed' || path.inbound.outcome !== 'lost') return [];
    const relayed = formatAddress(path.relayedAddress);
    const ports = range ? formatPortRange({ from: range.min, to: range.max }) : 'the relay ports';
    return [
      {
        message: `what peers send to the relayed address ${relayed} does not come in, while what the relay sends goes out`,
        evidence: `${path.uri}: outbound passed, inbound lost (${path.inbound.sent} sent in ${path.inbound.waitedMs} ms)`,
        remedy: `Let ${ports} in over UDP: in the firewall of the host, in the security group of the cloud, and in what is published of a container.`,
      },
    ];
  });
}
