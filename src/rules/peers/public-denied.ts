import { reachablePeers } from '../../config/peer-policy.ts';
import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { parseIp } from '../../util/ip.ts';
import { rangesContain } from '../../util/ip-range.ts';
import { quotedAll } from '../evidence.ts';
import { endpointOf, hasAnswer, nothingFound } from '../wire-evidence.ts';

/** An address of the public Internet, as good as any other. */
const PUBLIC = parseIp('8.8.8.8')!;

export default defineRule({
  id: 'peers/public-denied',
  meta: {
    title: 'Peers on the Internet are denied',
    effect: 'Allocations succeed and no call goes through the relay',
    why: 'Every Allocate succeeds, and every CreatePermission for a peer on the Internet is answered with 403 (Forbidden IP). Browsers get a relay candidate that leads nowhere, and ICE fails after 15 s. Only a relay that serves peers of its own network alone, named by allowed-peer-ip, means it so.',
    remedy: 'Narrow the denied-peer-ip lines to the private ranges, and restart coturn.',
    severity: 'error',
    explainedBy: ['peers/range-invalid'],
    references: ['RFC 8656 §9.2'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const policies = observed(wire?.observations ?? [], 'turn-peer-policy');
    const refused = policies.find(
      o =>
        o.outcome === 'complete' && o.peers.some(({ kind, answer }) => kind === 'public' && answer === 403),
    );
    const proof = refused && `${endpointOf(refused)}: CreatePermission for a public address: error 403`;
    const settings = config && version ? settingsOf(config, version.version) : null;
    const denied = settings !== null && !rangesContain(reachablePeers(settings), PUBLIC);
    if (!denied && proof === undefined) {
      return nothingFound(config, policies.some(hasAnswer), 'no permission was asked for');
    }
    const lines = settings?.entries('denied-peer-ip') ?? [];
    // A relay for the peers of its own network: unusual, and said in the file.
    const meant = (settings?.entries('allowed-peer-ip') ?? []).length > 0;
    return [
      {
        message: denied
          ? 'The denied-peer-ip lines cover the Internet: permissions for public peers are refused with 403'
          : 'The server refuses permissions for public peers with 403',
        option: 'denied-peer-ip',
        ...(config === undefined ? {} : { at: { file: config.path } }),
        evidence: [...(denied && lines.length > 0 ? [quotedAll(lines)] : []), ...(proof ? [proof] : [])].join(
          '; ',
        ),
        ...(meant || settings === null ? { severity: meant ? ('info' as const) : ('warning' as const) } : {}),
      },
    ];
  },
});
