import { formatIp, parsePrefix } from '../util/ip.ts';
import { formatIpRange, parseIpRange, rangeOfPrefix } from '../util/ip-range.ts';
import { type Fix, lineTarget } from './fix.ts';

/** A range of peers as FIRST-LAST. What is denied by it was meant to be; what is allowed by it opens a network. */
export const writeRange: Fix = {
  rules: ['peers/range-invalid'],
  safety: 'either',
  plan(finding, { entryOf }) {
    const entry = entryOf(finding);
    const value = entry === undefined ? null : asRange(entry.value ?? '');
    if (entry === undefined || value === null) return null;
    return {
      safety: entry.name === 'denied-peer-ip' ? 'safe' : 'needs-judgement',
      what: `write ${entry.name}=${value}`,
      edits: [{ kind: 'replace-value', target: lineTarget(entry), value }],
    };
  },
};

/** The range meant by CIDR notation or by two addresses the wrong way round; null for anything else. */
function asRange(value: string): string | null {
  const prefix = parsePrefix(value);
  if (prefix !== null) return formatIpRange(rangeOfPrefix(prefix));
  const range = parseIpRange(value);
  if (range === null || range.from <= range.to) return null;
  const { family, from, to } = range;
  return `${formatIp({ family, value: to })}-${formatIp({ family, value: from })}`;
}
