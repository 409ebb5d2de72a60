import { allowedPeers, reachablePeers } from '../../config/peer-policy.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import type { ConfigFact, InterfaceAddress, WireFact } from '../../model/facts.ts';
import type { Problem, Severity } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { parsePrefix } from '../../util/ip.ts';
import {
  formatIpRange,
  type IpRange,
  rangeOfPrefix,
  rangesOverlap,
  subtractRanges,
} from '../../util/ip-range.ts';
import { oncePerObject } from '../../util/once.ts';
import { listed } from '../../util/text.ts';
import { quotedAll } from '../evidence.ts';
import { relaysIpv6 } from '../relays-ipv6.ts';
import { endpointOf } from '../wire-evidence.ts';

interface Block {
  readonly name: string;
  readonly range: IpRange;
}

const block = (prefix: string): Block => ({ name: prefix, range: rangeOfPrefix(parsePrefix(prefix)!) });

/** Private and link-local; 169.254.0.0/16 holds the metadata services of clouds, which hand out credentials. */
const IPV4 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'].map(block);
const IPV6 = ['fc00::/7', 'fe80::/10'].map(block);
/** Addresses between a provider's NAT and its customers: seldom anything of the operator's own. */
const SHARED = block('100.64.0.0/10');
/** The private IPv4 addresses once more, in the IPv6 form that versions before 4.9.0 do not look into. */
const MAPPED = [
  '::ffff:10.0.0.0/104',
  '::ffff:172.16.0.0/108',
  '::ffff:192.168.0.0/112',
  '::ffff:169.254.0.0/112',
].map(block);

/** An allowed-peer-ip of up to so many addresses is a decision; a larger one is a hole. */
const DELIBERATE_ADDRESSES = 65_536n;

export default defineRule({
  id: 'peers/private-allowed',
  meta: {
    title: 'The relay reaches private networks',
    why: 'Whoever has TURN credentials, and every visitor of a site with calls gets some, can send from the server to the private addresses it reaches: routers, databases, the metadata service of the cloud. Which ranges coturn denies by itself depends on its version.',
    remedy:
      'Deny the ranges (denied-peer-ip=FIRST-LAST for each), and allow what calls need with allowed-peer-ip.',
    severity: 'warning',
    explainedBy: ['peers/range-invalid', 'config/unreadable', 'config/not-coturn'],
    references: ['RFC 8656 §21.1.6', 'RFC 1918', 'RFC 6598', 'RFC 3927'],
  },
  either: ['config', 'wire'],
  uses: ['version', 'addresses'],
  check: ({ config, version, wire, addresses }) => {
    const seen = granted(wire);
    if (config !== undefined && version !== undefined) {
      return openBlocks(config, settingsOf(config, version.version), addresses, seen);
    }
    if (seen === null) return { skip: 'no permission for private addresses was asked for' };
    return seen.length === 0
      ? []
      : [{ message: 'The server grants permission for private addresses', evidence: seen.join('; ') }];
  },
});

function openBlocks(
  config: ConfigFact,
  settings: Settings,
  addresses: readonly InterfaceAddress[] | undefined,
  seen: readonly string[] | null,
): readonly Problem[] {
  const deliberate = allowedPeers(settings).filter(({ from, to }) => to - from < DELIBERATE_ADDRESSES);
  const open = subtractRanges(reachablePeers(settings), deliberate);
  const ipv6 = relaysIpv6(settings, addresses);
  const { ipv4Blocks, ipv6Blocks, shared } = blocksIn(open);
  const grave = [...ipv4Blocks, ...(ipv6 === true ? ipv6Blocks : [])];
  const mild = [...shared, ...(ipv6 === null ? ipv6Blocks : [])];
  const blocks = grave.length > 0 ? grave : mild;
  if (blocks.length === 0) return [];

  const severity: Severity = grave.length > 0 ? 'warning' : 'info';
  const doubt =
    grave.length === 0 && ipv6 === null && ipv6Blocks.length > 0 ? ', IPv6 only if the host has it' : '';
  const lines = settings.entries('denied-peer-ip');
  const written = lines.length === 0 ? `no denied-peer-ip in ${config.path}` : quotedAll(lines.slice(0, 8));
  return [
    {
      message: `Clients can reach ${listed(blocks.map(({ name }) => name))} through the relay${doubt}`,
      option: 'denied-peer-ip',
      at: { file: config.path },
      evidence: [written, ...(seen ?? [])].join('; '),
      remedy: `Add ${blocks.map(({ range }) => `denied-peer-ip=${formatIpRange(range)}`).join(', ')} (one a line)${
        grave.length > 0 ? ', and allowed-peer-ip for peers that calls need' : ''
      }.`,
      severity,
    },
  ];
}

/** Files without a list of their own have the same open ranges, and the same object. */
const blocksIn = oncePerObject((open: readonly IpRange[]) => {
  const reachable = (blocks: readonly Block[]): Block[] =>
    blocks.filter(({ range }) => rangesOverlap(open, [range]));
  const ipv4Blocks = reachable(IPV4);
  return {
    ipv4Blocks,
    // Old versions judge ::ffff:10.0.0.1 by the IPv6 ranges; where the plain ranges are open too, it adds nothing.
    ipv6Blocks: reachable(ipv4Blocks.length === 0 ? [...IPV6, ...MAPPED] : IPV6),
    shared: reachable([SHARED]),
  };
});

/** Permissions granted for private peers; null when none was asked for. */
function granted(wire: WireFact | undefined): readonly string[] | null {
  const policies = observed(wire?.observations ?? [], 'turn-peer-policy').filter(
    o => o.outcome === 'complete',
  );
  if (policies.length === 0) return null;
  return policies.flatMap(policy => {
    const open = policy.peers.filter(
      ({ kind, answer }) => ['private', 'link-local', 'metadata'].includes(kind) && answer === 'allowed',
    );
    const ips = open.map(({ ip }) => ip).join(', ');
    return ips === '' ? [] : [`${endpointOf(policy)}: CreatePermission for ${ips} was granted`];
  });
}
