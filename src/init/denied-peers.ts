import { reachablePeers } from '../config/peer-policy.ts';
import { readConfig } from '../config/read-config.ts';
import { type Settings, settingsOf } from '../config/settings.ts';
import { parsePrefix } from '../util/ip.ts';
import { formatIpRange, type IpRange, intersectRanges, rangeOfPrefix } from '../util/ip-range.ts';

/** Addresses behind which there may be something of the operator's own: RFC 6890 without what is documentation only. */
const INNER: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '64:ff9b:1::/48',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
];

/**
 * Forms of IPv4 addresses in IPv6 ones, and loopback and a private network in that form. No peer of a call ever has one,
 * so a release that does not look inside denies the form whole. ::/96 is missing: nothing routes it, and to coturn (4.6.1
 * and 4.18.0) a range from :: on has no start and covers every IPv4 peer.
 */
const EMBEDDED: readonly (readonly [whole: string, ...inner: readonly string[]])[] = [
  ['::ffff:0.0.0.0-::ffff:255.255.255.255', '::ffff:127.0.0.0/104', '::ffff:10.0.0.0/104'],
  ['64:ff9b::-64:ff9b::ffff:ffff', '64:ff9b::127.0.0.0/104', '64:ff9b::10.0.0.0/104'],
  ['2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2002:7f00::/24', '2002:a00::/24'],
];

/** Values of `denied-peer-ip` for what is private and this release would relay to, no more. */
export function innerPeersToDeny(version: string): readonly string[] {
  const plain = INNER.filter(block => openPart([block], []).length > 0).map(rangeText);
  const embedded = EMBEDDED.flatMap(([whole, ...inner]) => {
    const open = openPart(inner, plain);
    // 4.9.0 to 4.12.0 look inside, and miss a single address.
    return open.length < inner.length ? open.map(formatIpRange) : [whole];
  });
  return [...plain, ...embedded];

  function openPart(blocks: readonly string[], denied: readonly string[]): readonly IpRange[] {
    const lines = ['no-multicast-peers', ...denied.map(range => `denied-peer-ip=${range}`)];
    return intersectRanges(reachablePeers(settingsOfLines(lines, version)), blocks.map(rangeOf));
  }
}

/** What these lines of a file alone amount to. */
export const settingsOfLines = (lines: readonly string[], version: string): Settings =>
  settingsOf(
    readConfig(new TextEncoder().encode(lines.join('\n')), {
      path: 'turnserver.conf',
      foundBy: 'asked',
      version,
    }),
    version,
  );

const rangeOf = (prefix: string): IpRange => rangeOfPrefix(parsePrefix(prefix)!);
const rangeText = (prefix: string): string => formatIpRange(rangeOf(prefix));
