import type { PeerPolicyObservation } from '../model/observation.ts';
import { type Family, familyOf } from '../model/transport.ts';
import type { Exchange, Result } from '../net/exchange.ts';
import { createPermission, type Granted } from '../turn/requests.ts';
import { ask, baseOf, type ProbeContext } from './conversation.ts';
import type { Destination } from './plan.ts';

type Peers = Extract<PeerPolicyObservation, { outcome: 'complete' }>['peers'];

/** One address of each kind; nothing is ever sent to any of them. */
const PEERS: { readonly [F in Family]: readonly (readonly [kind: string, ip: string])[] } = {
  ipv4: [
    ['loopback', '127.0.0.1'],
    ['loopback', '0.0.0.0'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '192.168.0.1'],
    ['shared', '100.64.0.1'],
    ['link-local', '169.254.0.1'],
    ['metadata', '169.254.169.254'],
    ['multicast', '239.255.255.250'],
    ['public', '8.8.8.8'],
  ],
  ipv6: [
    ['loopback', '::1'],
    ['loopback', '::'],
    ['loopback', '::ffff:127.0.0.1'],
    ['loopback', '64:ff9b::7f00:1'],
    ['private', 'fd00::1'],
    ['link-local', 'fe80::1'],
    ['metadata', 'fd00:ec2::254'],
    ['multicast', 'ff02::1'],
    ['public', '2001:4860:4860::8888'],
  ],
};

const ANY_PORT = 9;

/** Asks for one permission for each kind of peer, all at once, and takes down the answers. */
export async function askPeerPolicy(
  to: Destination,
  context: ProbeContext,
  exchange: Exchange,
  granted: Granted,
): Promise<PeerPolicyObservation> {
  const family = familyOf(granted.relayedAddresses[0].ip);
  const peers: Peers = await Promise.all(
    PEERS[family].map(async ([kind, ip]) => {
      const result = await ask(createPermission([{ ip, port: ANY_PORT }]), to, exchange, context);
      return { ip, kind, answer: answerOf(result) };
    }),
  );
  return { probe: 'turn-peer-policy', ...baseOf(to), stagesMs: {}, outcome: 'complete', peers };
}

function answerOf({ end }: Result): Peers[number]['answer'] {
  if ('outcome' in end) return null;
  return end.kind === 'succeeded' ? 'allowed' : end.error.code;
}
