import type { PeerPolicyObservation } from '../model/observations/turn-peer-policy.ts';
import { PROBED_PEERS } from '../model/probed-peers.ts';
import { familyOf } from '../model/transport.ts';
import type { Exchange, Result } from '../net/exchange.ts';
import { createPermission, type Granted } from '../turn/requests.ts';
import { ask, baseOf, type ProbeContext } from './conversation.ts';
import type { Destination } from './plan.ts';

type Peers = Extract<PeerPolicyObservation, { outcome: 'complete' }>['peers'];

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
    PROBED_PEERS[family].map(async ([kind, ip]) => {
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
