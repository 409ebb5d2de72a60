import type { EditTarget } from '../config/edit.ts';
import { innerPeersToDeny } from '../init/denied-peers.ts';
import type { RuleId } from '../model/finding.ts';
import { type Fix, type FixContext, lineTarget, type PlannedFix, type Safety } from './fix.ts';

/** Lines that keep clients from what they need; without them coturn does what it does by default. */
const OBSTACLES: Readonly<Record<RuleId, { readonly option: string; readonly safety: Safety }>> = {
  'relay/no-tcp-relay': { option: 'no-tcp-relay', safety: 'safe' },
  'relay/no-udp-relay': { option: 'no-udp-relay', safety: 'safe' },
  'listener/secure-stun': { option: 'secure-stun', safety: 'safe' },
  'peers/loopback-allowed': { option: 'allow-loopback-peers', safety: 'safe' },
  // Whoever runs a server for STUN alone has written it on purpose.
  'listener/stun-only': { option: 'stun-only', safety: 'needs-judgement' },
};

const deleteObstacle: readonly Fix[] = Object.entries(OBSTACLES).map(([rule, { option, safety }]) => ({
  rules: [rule as RuleId],
  safety,
  plan(finding, { entryOf }) {
    const entry = entryOf(finding);
    if (entry?.name !== option) return null;
    return { safety, what: `delete the line ${option}`, edits: [deletion(lineTarget(entry))] };
  },
}));

const deletion = (target: EditTarget) => ({ kind: 'delete-line', target }) as const;

const setExternalIp: Fix = {
  rules: ['nat/external-ip-missing', 'nat/external-ip-empty', 'nat/external-ip-invalid'],
  safety: 'safe',
  plan(_, { site }) {
    if (site === undefined || site.publicIp === null || site.privateIp === null) return null;
    const value = `${site.publicIp}/${site.privateIp}`;
    return safe(`write external-ip=${value}`, [{ kind: 'set', option: 'external-ip', value }]);
  },
};

const swapExternalIp: Fix = {
  rules: ['nat/external-ip-reversed'],
  safety: 'safe',
  plan(finding, { entryOf }) {
    const entry = entryOf(finding);
    const [first, second, ...more] = entry?.value?.split('/') ?? [];
    if (entry === undefined || second === undefined || more.length > 0) return null;
    const value = `${second}/${first}`;
    return safe(`write external-ip=${value}`, [{ kind: 'replace-value', target: lineTarget(entry), value }]);
  },
};

const orderPortRange: Fix = {
  rules: ['relay/port-range-inverted'],
  safety: 'safe',
  plan(_, { config }) {
    const last = (option: string) =>
      config.entries.findLast(it => it.name === option && it.origin === 'file');
    const [min, max] = [last('min-port'), last('max-port')];
    if (min?.value && max?.value) {
      return safe(`write min-port=${max.value} and max-port=${min.value}`, [
        { kind: 'replace-value', target: lineTarget(min), value: max.value },
        { kind: 'replace-value', target: lineTarget(max), value: min.value },
      ]);
    }
    const alone = min ?? max;
    // One end alone stands against the default of the other: what the operator meant by it is not known.
    if (alone === undefined) return null;
    return safe(`comment ${alone.name} out: the range is 49152-65535 then`, [
      { kind: 'comment-out', target: lineTarget(alone) },
    ]);
  },
};

const setRealm: Fix = {
  rules: ['auth/realm-missing'],
  safety: 'safe',
  plan(_, { site }) {
    if (site === undefined || site.realm === null) return null;
    return safe(`write realm=${site.realm}`, [{ kind: 'set', option: 'realm', value: site.realm }]);
  },
};

/** Only its operator knows whether a peer in a private network, an SFU perhaps, is one that clients need. */
const denyInnerPeers: Fix = {
  rules: ['peers/private-allowed'],
  safety: 'needs-judgement',
  plan(_, { version: { version } }): PlannedFix {
    return {
      safety: 'needs-judgement',
      what: 'deny peers in private, shared and link-local networks',
      edits: innerPeersToDeny(version).map(value => ({ kind: 'add', option: 'denied-peer-ip', value })),
    };
  },
};

const safe = (what: string, edits: PlannedFix['edits']): PlannedFix => ({ safety: 'safe', what, edits });

/** What the host decides, and the file alone does not: `fix` has these beside those of `lint --fix`. */
export const HOST_EDITS: readonly Fix[] = [
  ...deleteObstacle,
  denyInnerPeers,
  orderPortRange,
  setExternalIp,
  setRealm,
  swapExternalIp,
];

export type Site = NonNullable<FixContext['site']>;
