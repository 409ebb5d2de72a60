import { coveredPeers, readPeerRange } from '../../config/peer-policy.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import { isAtLeast } from '../../config/versions.ts';
import type { ConfigEntry } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { formatIp, parsePrefix } from '../../util/ip.ts';
import { formatIpRange, type IpRange, parseIpRange, rangeOfPrefix } from '../../util/ip-range.ts';
import { listed } from '../../util/text.ts';
import { atValue } from '../evidence.ts';
import { isRendered, placeholderIn } from '../left-over-text.ts';

/** From here on coturn exits over a range it cannot read; before, it drops the line. */
const FATAL_SINCE = '4.11.0';

export default defineRule({
  id: 'peers/range-invalid',
  meta: {
    title: 'Range of peers that coturn does not understand',
    effect: 'Peers that were to be denied can be reached through the relay',
    why: 'A range is FIRST-LAST, both included; CIDR is not supported. Up to 4.10 coturn logs "Wrong address format" and drops the line, so the range stays open; since 4.11.0 it exits. A reversed range is accepted and matches nothing.',
    remedy: 'Write the first and the last address: 10.0.0.0-10.255.255.255.',
    severity: 'error',
    explainedBy: ['config/inline-comment', 'config/trailing-semicolon', 'config/quoted-value'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    return ['denied-peer-ip', 'allowed-peer-ip'].flatMap(option =>
      settings.entries(option).flatMap(entry => judged(entry, settings) ?? []),
    );
  },
});

function judged(entry: ConfigEntry, { version }: Settings): Problem | null {
  const value = entry.value ?? '';
  if (value === '' || isRendered(entry)) return null;
  const range = readPeerRange(value);
  // Names are resolved once, at start.
  if (range === 'name') return placeholderIn(entry) === null ? null : dropped(entry, version);
  if (range === null) return dropped(entry, version);
  const covered = coveredPeers(value);
  if (covered.length > 1) return reachesFurther(entry, covered);
  if (range.from <= range.to) return null;
  const reversed = parseIpRange(value);
  if (reversed === null) {
    return {
      message: `${entry.name}=${value} goes from one family to the other and matches no address`,
      ...atValue(entry),
    };
  }
  const [first, last] = [reversed.to, reversed.from].map(ip =>
    formatIp({ family: reversed.family, value: ip }),
  );
  return {
    message: `${entry.name}=${value} is reversed and matches no address`,
    ...atValue(entry),
    remedy: `Write ${entry.name}=${first}-${last} and restart coturn.`,
  };
}

/** coturn takes 0.0.0.0, :: and an empty end for no limit, and IPv6 for what comes after IPv4. */
function reachesFurther(entry: ConfigEntry, covered: readonly IpRange[]): Problem {
  const verb = entry.name.startsWith('denied') ? 'denies' : 'allows';
  return {
    message: `${entry.name}=${entry.value} ${verb} ${listed(covered.map(formatIpRange))}: 0.0.0.0, :: and an empty end are no limit to coturn`,
    ...atValue(entry),
    remedy: 'Write both ends in one family, none of them 0.0.0.0 or ::, then restart coturn.',
  };
}

function dropped(entry: ConfigEntry, version: string): Problem {
  const prefix = parsePrefix(entry.value ?? '');
  const effect = isAtLeast(version, FATAL_SINCE)
    ? 'coturn exits over it'
    : `coturn ${version} drops the line, and nothing is ${entry.name.startsWith('denied') ? 'denied' : 'allowed'} by it`;
  const problem: Problem = {
    message: `${entry.name}=${entry.value} is ${prefix === null ? 'no address or range' : 'in CIDR form'}: ${effect}`,
    ...atValue(entry),
  };
  if (prefix === null) return problem;
  return {
    ...problem,
    remedy: `Write ${entry.name}=${formatIpRange(rangeOfPrefix(prefix))} and restart coturn.`,
  };
}
