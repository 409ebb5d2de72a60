import { parsePrefix } from '../util/ip.ts';
import { type IpRange, rangeOfPrefix, rangesContain, rangesOverlap } from '../util/ip-range.ts';
import { reachablePeers, readPeerRange } from './peer-policy.ts';
import type { ReleaseFault } from './release-faults.ts';
import { readAddress } from './values.ts';

type Exposes = ReleaseFault['exposure'];

/** A flag is in force. */
export const withFlag =
  (option: string): Exposes =>
  settings =>
    settings.flag(option) ? { because: `${option} is on`, entry: settings.deciding(option) } : null;

/** An option has a value. */
export const withOption =
  (option: string): Exposes =>
  settings => {
    const entry = settings.entries(option).find(({ value }) => (value ?? '') !== '');
    return entry === undefined ? null : { because: `${option} is set`, entry };
  };

/** Every configuration is hit. */
export const always =
  (because: string): Exposes =>
  () => ({ because });

const prefix = (text: string): IpRange => rangeOfPrefix(parsePrefix(text)!);

/** With IPv6 relaying, and one of these ranges within reach of clients. */
export const relayingTo =
  (...prefixes: readonly string[]): Exposes =>
  (settings, { relaysIpv6 }) => {
    if (relaysIpv6 !== true) return null;
    const reachable = reachablePeers(settings);
    const open = prefixes.filter(text => rangesOverlap(reachable, [prefix(text)]));
    return open.length === 0 ? null : { because: `this relay has IPv6 addresses and denies no ${open[0]}` };
  };

/** The fault shows only where a range is no box of bytes: then part of it is not denied (commit 6c13608c). */
export const unevenRange: Exposes = settings => {
  const entry = [...settings.entries('denied-peer-ip'), ...settings.entries('allowed-peer-ip')].find(
    ({ value }) => {
      const range = readPeerRange(value ?? '');
      return range !== null && range !== 'name' && range.family === 'ipv6' && !isByteBox(range);
    },
  );
  return entry === undefined
    ? null
    : { because: `${entry.value} does not start and end where a block of addresses does`, entry };
};

/** Whether comparing byte by byte gives the same as comparing the whole: equal bytes, one that differs, then 00 to ff. */
function isByteBox({ from, to }: IpRange): boolean {
  for (let shift = 120n; shift > 0n; shift -= 8n) {
    if (from >> shift === to >> shift) continue;
    const rest = (1n << shift) - 1n;
    return (from & rest) === 0n && (to & rest) === rest;
  }
  return true;
}

/** On its own loopback address only people on the host reach the web interface. */
export const webAdmin: Exposes = settings => {
  if (!settings.flag('web-admin')) return null;
  const ip = readAddress(settings.text('web-admin-ip'));
  const local = ip !== null && rangesContain([prefix('127.0.0.0/8'), prefix('::1/128')], ip);
  const everywhere = !local || settings.flag('web-admin-listen-on-workers');
  return {
    because: everywhere ? 'web-admin listens beyond the loopback address' : 'web-admin is on',
    entry: settings.deciding('web-admin'),
    severity: everywhere ? 'error' : 'warning',
  };
};
