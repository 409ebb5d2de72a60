import { EMBEDDINGS, type EmbeddingForm, type Ip, parseIp, parsePrefix } from '../util/ip.ts';
import {
  type IpRange,
  parseIpRange,
  rangeOfPrefix,
  rangesContain,
  subtractRanges,
  unionRanges,
  wholeFamily,
} from '../util/ip-range.ts';
import type { Settings } from './settings.ts';
import { addressForm, readAddress } from './values.ts';
import { isAtLeast } from './versions.ts';

const blocks = (...prefixes: readonly string[]): IpRange[] =>
  prefixes.map(prefix => rangeOfPrefix(parsePrefix(prefix)!));

/** no-multicast-peers tests the first octet only, so it also covers 240.0.0.0/4 and the broadcast address. */
const MULTICAST = blocks('224.0.0.0/3', 'ff00::/8');
const LOOPBACK = blocks('127.0.0.0/8', '::1/128');
const ZERO = blocks('0.0.0.0/8', '::/128');
const LOCAL_SINCE_4_13_1 = blocks('169.254.0.0/16', 'fe80::/10', 'fc00::/7', 'fec0::/10');

/** From which release on an IPv4 address inside an IPv6 one is judged as the IPv4 address. */
const UNWRAPPED_SINCE: Record<EmbeddingForm, string> = {
  mapped: '4.9.0',
  nat64: '4.13.1',
  '6to4': '4.13.1',
  compatible: '4.13.1',
};

/**
 * Peers that get 403, in both families. The order of `good_peer_addr` in coturn: multicast, loopback, zero and (since 4.13.1)
 * link-local are refused whatever the lists say; then allowed-peer-ip beats denied-peer-ip. What a database or a name that
 * must be resolved adds is not in it, and that IPv6 ranges off a prefix boundary cover less before 4.16.0 neither.
 */
export function deniedPeers(settings: Settings): readonly IpRange[] {
  const ranges = answers.get(settings) ?? rangesDenied(settings);
  answers.set(settings, ranges);
  return ranges;
}

/** Settings do not change, and several rules ask. */
const answers = new WeakMap<Settings, readonly IpRange[]>();

function rangesDenied(settings: Settings): IpRange[] {
  const { version } = settings;
  const always = unionRanges(
    settings.flag('no-multicast-peers') ? MULTICAST : [],
    settings.flag('allow-loopback-peers') ? [] : LOOPBACK,
    isAtLeast(version, '4.5.2') ? ZERO : [],
    isAtLeast(version, '4.13.1') ? LOCAL_SINCE_4_13_1 : [],
  );
  const listed = subtractRanges(
    withEmbedded(listedRanges(settings, 'denied-peer-ip'), version),
    withEmbedded(allowedPeers(settings), version),
  );
  return unionRanges(subtractRanges(withEmbedded(always, version), gapsOf(settings)), listed);
}

/** Peers that a client may reach through the relay: everything that is not denied. */
export const reachablePeers = (settings: Settings): IpRange[] =>
  subtractRanges([wholeFamily('ipv4'), wholeFamily('ipv6')], deniedPeers(settings));

/** Whether CreatePermission for this peer is answered with 403. */
export const isPeerDenied = (settings: Settings, peer: Ip): boolean =>
  rangesContain(deniedPeers(settings), peer);

/** The ranges of allowed-peer-ip, and since 4.5.2 the private half of every external-ip pair. */
export function allowedPeers(settings: Settings): IpRange[] {
  const mapped = settings.list('external-ip').flatMap(value => {
    const privateHalf = parseIp(value.split('/')[1]?.trim() ?? '');
    return privateHalf
      ? [{ family: privateHalf.family, from: privateHalf.value, to: privateHalf.value }]
      : [];
  });
  return unionRanges(
    listedRanges(settings, 'allowed-peer-ip'),
    isAtLeast(settings.version, '4.5.2') ? mapped : [],
  );
}

/** Ranges as coturn accepts them; it drops (or, since 4.11.0, exits over) the others. */
const listedRanges = (settings: Settings, option: 'allowed-peer-ip' | 'denied-peer-ip'): IpRange[] =>
  settings.list(option).flatMap(value => {
    const range = readPeerRange(value);
    return range === null || range === 'name' ? [] : [range];
  });

/**
 * The value of allowed-peer-ip or denied-peer-ip: `a` or `a-b`. A reversed range, or one from IPv4 to IPv6, is accepted and
 * matches nothing. `name`: a host name is in it, which coturn resolves once; null: nothing coturn takes, `10.0.0.0/8` say.
 */
export function readPeerRange(value: string): IpRange | 'name' | null {
  const dash = value.indexOf('-');
  const first = (dash === -1 ? value : value.slice(0, dash)).trim();
  const last = dash === -1 ? first : value.slice(dash + 1).trim();
  const [from, to] = [readAddress(first), readAddress(last)];
  if (from && to) {
    const sameFamily = from.family === to.family;
    return { family: from.family, from: sameFamily ? from.value : 1n, to: sameFamily ? to.value : 0n };
  }
  return addressForm(first) !== 'neither' && addressForm(last) !== 'neither' ? 'name' : null;
}

/** The same IPv4 ranges in the IPv6 forms that this version looks into. */
function withEmbedded(ranges: readonly IpRange[], version: string): IpRange[] {
  const forms = EMBEDDINGS.filter(({ form }) => isAtLeast(version, UNWRAPPED_SINCE[form]));
  const ipv4 = ranges.filter(({ family }) => family === 'ipv4');
  const embedded = forms.flatMap(({ prefix, shift }) =>
    ipv4.map(
      ({ from, to }): IpRange => ({
        family: 'ipv6',
        from: ((prefix << 32n) | from) << shift,
        to: ((((prefix << 32n) | to) + 1n) << shift) - 1n,
      }),
    ),
  );
  return unionRanges(ranges, embedded);
}

/** 4.9.0 to 4.12.0 unwrapped mapped addresses, yet let this one through (CVE-2026-53450). */
const gapsOf = ({ version }: Settings): IpRange[] =>
  isAtLeast(version, '4.13.0') ? [] : [parseIpRange('::ffff:127.0.0.1')!];
