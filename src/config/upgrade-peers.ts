import type { UpgradeChange } from '../model/upgrade.ts';
import { parsePrefix } from '../util/ip.ts';
import {
  formatIpRange,
  type IpRange,
  intersectRanges,
  rangeOfPrefix,
  rangesOverlap,
  subtractRanges,
} from '../util/ip-range.ts';
import { listed } from '../util/text.ts';
import { reachablePeers, readPeerRange } from './peer-policy.ts';
import type { Surroundings } from './release-faults.ts';
import type { Settings } from './settings.ts';
import { releasesBetween } from './versions.ts';

const blocks = (...prefixes: readonly string[]) =>
  prefixes.map(name => ({ name, range: rangeOfPrefix(parsePrefix(name)!) }));

/** By these names newly denied ranges are told. */
const NAMED = blocks(
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1/128',
  'fe80::/10',
  'fc00::/7',
  'fec0::/10',
);

/** IPv6 forms of IPv4 addresses: of these blocks only what was denied as IPv4 is refused. */
const FORMS = blocks('::ffff:0:0/96', '64:ff9b::/96', '2002::/16');

const PRIVATE = blocks(
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
);

const namesOf = (ranges: readonly IpRange[], named: typeof NAMED): string[] =>
  named.filter(({ range }) => rangesOverlap(ranges, [range])).map(({ name }) => name);

/** Peers that only one of the two releases lets clients reach, as sets of addresses. */
export function peerChanges(
  before: Settings,
  after: Settings,
  { relaysIpv6 }: Surroundings,
): UpgradeChange[] {
  const isOpen = reachablePeers(after);
  const changes: UpgradeChange[] = [];
  let open = reachablePeers(before);
  for (const version of releasesBetween(before.version, after.version)) {
    const now = reachablePeers({ ...after, version });
    const closed = subtractRanges(subtractRanges(open, now), isOpen);
    const opened = intersectRanges(subtractRanges(now, open), isOpen);
    changes.push(...lostPermissions(after, closed, version));
    if (closed.length > 0) changes.push(refusal(closed, relaysIpv6, version));
    if (opened.length > 0) changes.push(exposure(opened, version));
    open = now;
  }
  const remaining = namesOf(isOpen, PRIVATE);
  if (remaining.length > 0) {
    changes.push({
      kind: 'notes',
      since: after.version,
      what: `clients can still reach ${listed(remaining)}`,
      option: 'denied-peer-ip',
      remedy: 'See peers/private-allowed: no release denies these by itself.',
    });
  }
  return changes;
}

function exposure(opened: readonly IpRange[], since: string): UpgradeChange {
  const ranges = opened.slice(0, 4).map(formatIpRange);
  return {
    kind: 'exposes',
    since,
    what: `clients can reach ${listed(ranges)}, which was denied`,
    option: 'denied-peer-ip',
    remedy: `Have a firewall refuse ${listed(ranges)}, if it is to stay so.`,
  };
}

/** What allowed-peer-ip asks for and the newer release never grants. */
const lostPermissions = (after: Settings, closed: readonly IpRange[], since: string): UpgradeChange[] =>
  after.entries('allowed-peer-ip').flatMap(entry => {
    const range = readPeerRange(entry.value ?? '');
    if (range === null || range === 'name') return [];
    const lost = intersectRanges([range], closed);
    if (lost.length === 0) return [];
    return [
      {
        kind: 'breaks' as const,
        since,
        what: `${listed(lost.slice(0, 4).map(formatIpRange))} is refused (403), and allowed-peer-ip cannot allow it`,
        option: entry.name,
        entry,
        remedy: 'Give these peers other addresses before the upgrade.',
      },
    ];
  });

/** Only a relay with IPv6 addresses can lose IPv6 peers that worked. */
function refusal(closed: readonly IpRange[], relaysIpv6: boolean | null, since: string): UpgradeChange {
  const names = namesOf(closed, NAMED);
  const forms = namesOf(closed, FORMS);
  const refused = [
    ...(names.length === 0 ? [] : [`peers in ${listed(names)} (whatever the lists say)`]),
    ...(forms.length === 0 ? [] : [`IPv4 peers that are denied also in their IPv6 form (${listed(forms)})`]),
  ];
  const losesUla = relaysIpv6 === true && names.includes('fc00::/7');
  return {
    kind: losesUla ? 'changes' : 'improves',
    since,
    what: `coturn refuses ${refused.length === 0 ? 'more peers' : listed(refused)}`,
    option: 'denied-peer-ip',
    ...(losesUla && {
      remedy: 'Give IPv6 peers with unique local addresses other ones: there is no switch.',
    }),
  };
}
