import { EMBEDDINGS, type EmbeddingForm, type Ip, parsePrefix } from '../util/ip.ts';
import {
  type IpRange,
  parseIpRange,
  rangeOfPrefix,
  rangesContain,
  subtractRanges,
  unionRanges,
  wholeFamily,
} from '../util/ip-range.ts';
import { oncePerKey, oncePerObject } from '../util/once.ts';
import type { Settings } from './settings.ts';
import { addressForm, readAddress } from './values.ts';
import { isAtLeast } from './versions.ts';

const blocks = (...prefixes: readonly string[]): readonly IpRange[] =>
  prefixes.map(prefix => rangeOfPrefix(parsePrefix(prefix)!));

/** no-multicast-peers tests the first octet only, so it also covers 240.0.0.0/4 and the broadcast address. */
const MULTICAST = blocks('224.0.0.0/3', 'ff00::/8');
const LOOPBACK = blocks('127.0.0.0/8', '::1/128');
const UNSPECIFIED_AND_LOOPBACK = blocks('::/127');
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
export const deniedPeers = oncePerObject((settings: Settings): readonly IpRange[] => {
  const listed = subtractRanges(listedRanges(settings, 'denied-peer-ip'), allowedPeers(settings));
  const denied = unionRanges(deniedUnasked(settings), listed);
  return mappedPairs(settings).reduce((ranges, { publicHalf, privateHalf }) => {
    const others = subtractRanges(ranges, [publicHalf]);
    return rangesContain(ranges, privateHalf) ? unionRanges(others, [publicHalf]) : others;
  }, denied);
});

/** What is refused whatever the lists say: the same ranges, and the same object, for most files. */
const deniedUnasked = (settings: Settings): readonly IpRange[] =>
  builtIn(settings.version)(settings.flag('no-multicast-peers'))(!settings.flag('allow-loopback-peers'));

const builtIn = oncePerKey((version: string) =>
  oncePerKey((multicast: boolean) =>
    oncePerKey((loopback: boolean): readonly IpRange[] => {
      const ranges = unionRanges(
        multicast ? MULTICAST : [],
        loopback ? LOOPBACK : [],
        isAtLeast(version, '4.5.2') ? ZERO : [],
        isAtLeast(version, '4.13.1') ? LOCAL_SINCE_4_13_1 : [],
      );
      // 4.9.0 to 4.12.0 unwrapped mapped addresses, yet let this one through (CVE-2026-53450).
      const gaps = isAtLeast(version, '4.13.0') ? [] : [parseIpRange('::ffff:127.0.0.1')!];
      return subtractRanges(withEmbedded(ranges, version), gaps);
    }),
  ),
);

/** Pairs of external-ip: coturn takes a peer that is the public half for the private one, and judges that. */
const mappedPairs = (settings: Settings): { readonly publicHalf: IpRange; readonly privateHalf: IpRange }[] =>
  settings.list('external-ip').flatMap(value => {
    const [publicHalf, privateHalf] = value.split('/').map(half => parseIpRange(half));
    return publicHalf && privateHalf ? [{ publicHalf, privateHalf }] : [];
  });

/** Peers that a client may reach through the relay: everything that is not denied. */
export const reachablePeers = (settings: Settings): readonly IpRange[] => allBut(deniedPeers(settings));

const allBut = oncePerObject((ranges: readonly IpRange[]) =>
  subtractRanges([wholeFamily('ipv4'), wholeFamily('ipv6')], ranges),
);

/** Whether CreatePermission for this peer is answered with 403. */
export const isPeerDenied = (settings: Settings, peer: Ip): boolean =>
  rangesContain(deniedPeers(settings), peer);

/** The ranges of allowed-peer-ip, and since 4.5.2 the private half of every external-ip pair. */
export const allowedPeers = oncePerObject((settings: Settings): readonly IpRange[] => {
  const mapped = mappedPairs(settings).map(({ privateHalf }) => privateHalf);
  return unionRanges(
    listedRanges(settings, 'allowed-peer-ip'),
    isAtLeast(settings.version, '4.5.2') ? withEmbedded(mapped, settings.version) : [],
  );
});

/** Ranges as coturn accepts them; it drops (or, since 4.11.0, exits over) the others. */
const listedRanges = (settings: Settings, option: 'allowed-peer-ip' | 'denied-peer-ip'): IpRange[] =>
  settings.list(option).flatMap(value => {
    const ends = readEnds(value);
    return ends === null || ends === 'name' ? [] : judgedBy(ends, settings.version);
  });

/** A range that starts in IPv4 is held against the IPv4 address inside an IPv6 one, where this version looks for it. */
function judgedBy(ends: Ends, version: string): IpRange[] {
  const covered = coveredBy(ends);
  if (ends.from.family === 'ipv6') return covered;
  const [ipv4, ipv6] = (['ipv4', 'ipv6'] as const).map(family => covered.filter(r => r.family === family));
  return [...withEmbedded(ipv4!, version), ...subtractRanges(ipv6!, unwrapped(version))];
}

/** The IPv6 addresses that are judged as the IPv4 address inside them. */
const unwrapped = oncePerKey((version: string) =>
  withEmbedded([wholeFamily('ipv4')], version).filter(({ family }) => family === 'ipv6'),
);

/** The two ends of a range as written. */
interface Ends {
  readonly from: Ip;
  readonly to: Ip;
}

/**
 * The value of allowed-peer-ip or denied-peer-ip: `a` or `a-b`. `name`: a host name is in it, which coturn resolves once;
 * null: nothing coturn takes, `10.0.0.0/8` say.
 */
function readEnds(value: string): Ends | 'name' | null {
  const dash = value.indexOf('-');
  const first = (dash === -1 ? value : value.slice(0, dash)).trim();
  const last = dash === -1 ? first : value.slice(dash + 1).trim();
  const [from, to] = [readAddress(first), readAddress(last)];
  if (from && to) return { from, to };
  return addressForm(first) !== 'neither' && addressForm(last) !== 'neither' ? 'name' : null;
}

/**
 * What a range covers by `ioa_addr_in_range` of coturn: 0.0.0.0, :: and an empty end are no limit at all, in either family,
 * and every IPv4 address comes before every IPv6 one. So `a-` reaches to the end of IPv6, and `::` alone is everybody.
 */
function coveredBy({ from, to }: Ends): IpRange[] {
  return (['ipv4', 'ipv6'] as const).flatMap(family => {
    const whole = wholeFamily(family);
    if (from.value !== 0n && from.family === 'ipv6' && family === 'ipv4') return [];
    if (to.value !== 0n && to.family === 'ipv4' && family === 'ipv6') return [];
    const first = from.family === family ? from.value : whole.from;
    const last = to.value !== 0n && to.family === family ? to.value : whole.to;
    return first <= last ? [{ family, from: first, to: last }] : [];
  });
}

/** As `readEnds`, as a range of one family; reversed where it is written so, or goes from one family to the other. */
export function readPeerRange(value: string): IpRange | 'name' | null {
  const ends = readEnds(value);
  if (ends === null || ends === 'name') return ends;
  const { from, to } = ends;
  const sameFamily = from.family === to.family;
  return { family: from.family, from: sameFamily ? from.value : 1n, to: sameFamily ? to.value : 0n };
}

/** The addresses that a line covers, in both families; none where it is reversed or coturn does not take it. */
export function coveredPeers(value: string): readonly IpRange[] {
  const ends = readEnds(value);
  return ends === null || ends === 'name' ? [] : unionRanges(coveredBy(ends));
}

const formsSeenBy = oncePerKey((version: string) =>
  EMBEDDINGS.filter(({ form }) => isAtLeast(version, UNWRAPPED_SINCE[form])),
);

/** The same IPv4 ranges in the IPv6 forms that this version looks into. */
function withEmbedded(ranges: readonly IpRange[], version: string): readonly IpRange[] {
  const forms = formsSeenBy(version);
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
  // :: and ::1 are addresses of their own, whatever 0.0.0.0 and 0.0.0.1 may do.
  return unionRanges(ranges, subtractRanges(embedded, UNSPECIFIED_AND_LOOPBACK));
}
