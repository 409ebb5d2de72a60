import { describe, expect, test } from 'vitest';
import type { ServerUri } from '../../src/model/target.ts';
import { formatAddress, type Transport } from '../../src/model/transport.ts';
import {
  type Conversation,
  EVERY_STEP,
  type PlanInput,
  planConversations,
  REACHABILITY,
} from '../../src/probes/plan.ts';

const turn = (transport: Transport, host = 'turn.test'): ServerUri => ({
  scheme: transport === 'tls' ? 'turns' : 'turn',
  host,
  port: transport === 'tls' ? 5349 : 3478,
  transport,
});
const stun: ServerUri = { scheme: 'stun', host: 'turn.test', port: 3478, transport: 'udp' };
const ipv4 = ['203.0.113.10'];
const both = ['203.0.113.10', '2001:db8::10'];

function line(conversation: Conversation): string {
  const { kind, uri, server } = conversation;
  const more =
    kind === 'relay-session'
      ? `${conversation.dataPath ? ' +data' : ''}${conversation.peerPolicy ? ' +peers' : ''}${conversation.trials.map(trial => ` +${trial}`).join('')}`
      : '';
  return `${kind} ${formatAddress(server)}/${uri.transport}${more}`;
}

const cases: [what: string, input: PlanInput, lines: string[]][] = [
  [
    'a turn: URI over UDP',
    { targets: [{ uri: turn('udp'), ips: ipv4 }], steps: EVERY_STEP, credentials: true },
    [
      'stun-binding 203.0.113.10:3478/udp',
      'relay-session 203.0.113.10:3478/udp +data +peers +relay-to-relay +sizes',
      'server-identity 203.0.113.10:3478/udp',
    ],
  ],
  [
    'authentication once an address, TLS on every listener of it',
    {
      targets: [turn('tls'), turn('tcp'), turn('udp')].map(uri => ({ uri, ips: both })),
      steps: new Set(['turn-auth', 'tls-survey'] as const),
      credentials: false,
    },
    [
      'turn-auth 203.0.113.10:3478/udp',
      'turn-auth [2001:db8::10]:3478/udp',
      'tls-survey 203.0.113.10:5349/tls',
      'tls-survey [2001:db8::10]:5349/tls',
    ],
  ],
  [
    'all transports: the policy of a server is asked once, its TCP relay over TCP',
    {
      targets: [turn('tls'), turn('tcp'), turn('udp')].map(uri => ({ uri, ips: ipv4 })),
      steps: EVERY_STEP,
      credentials: true,
    },
    [
      'stun-binding 203.0.113.10:3478/udp',
      'relay-session 203.0.113.10:3478/udp +data +peers +relay-to-relay +sizes',
      'server-identity 203.0.113.10:3478/udp',
      'stun-binding 203.0.113.10:3478/tcp',
      'relay-session 203.0.113.10:3478/tcp +data +sizes',
      'turn-tcp-relay 203.0.113.10:3478/tcp',
      'stun-binding 203.0.113.10:5349/tls',
      'tls-handshake 203.0.113.10:5349/tls',
      'relay-session 203.0.113.10:5349/tls +data +sizes',
    ],
  ],
  [
    'one turns: URI, over which a TCP relay can be asked for too',
    {
      targets: [
        { uri: { ...turn('tcp'), scheme: 'turns', port: 5349, transport: 'tls' }, ips: ['203.0.113.10'] },
      ],
      steps: new Set(['turn-tcp-relay']),
      credentials: true,
    },
    ['turn-tcp-relay 203.0.113.10:5349/tls'],
  ],
  [
    'every address of a name, without what is not asked for',
    { targets: [{ uri: turn('udp'), ips: both }], steps: REACHABILITY, credentials: true },
    [
      'stun-binding 203.0.113.10:3478/udp',
      'relay-session 203.0.113.10:3478/udp',
      'stun-binding [2001:db8::10]:3478/udp',
      'relay-session [2001:db8::10]:3478/udp',
    ],
  ],
  [
    'no allocation for a stun: URI',
    { targets: [{ uri: stun, ips: ipv4 }], steps: EVERY_STEP, credentials: true },
    ['stun-binding 203.0.113.10:3478/udp', 'server-identity 203.0.113.10:3478/udp'],
  ],
  [
    'everything about STUN and the NAT, which nobody asks for by default',
    {
      targets: [turn('udp'), turn('tcp')].map(uri => ({ uri, ips: ipv4 })),
      steps: new Set(['stun-series', 'stun-conformance', 'stun-ports', 'nat-behaviour', 'dns-discovery']),
      credentials: false,
    },
    [
      'stun-series 203.0.113.10:3478/udp',
      'stun-conformance 203.0.113.10:3478/udp',
      'stun-ports 203.0.113.10:3478/udp',
      'nat-behaviour 203.0.113.10:3478/udp',
      'stun-series 203.0.113.10:3478/tcp',
      'stun-conformance 203.0.113.10:3478/tcp',
    ],
  ],
  [
    'a TCP relay is refused or granted only to somebody with credentials',
    { targets: [{ uri: turn('tcp'), ips: ipv4 }], steps: EVERY_STEP, credentials: false },
    [
      'stun-binding 203.0.113.10:3478/tcp',
      'relay-session 203.0.113.10:3478/tcp +data +peers +relay-to-relay +sizes',
    ],
  ],
  [
    'trials: of the path on every listener, of the server once, of TCP relays over a stream',
    {
      targets: [turn('udp'), turn('tcp')].map(uri => ({ uri, ips: ipv4 })),
      steps: new Set(['sizes', 'mobility', 'retransmission', 'tcp-connect']),
      credentials: true,
    },
    [
      'relay-session 203.0.113.10:3478/udp +retransmission +mobility +sizes',
      'relay-session 203.0.113.10:3478/tcp +sizes +tcp-connect',
    ],
  ],
  [
    'a name without addresses',
    { targets: [{ uri: turn('udp'), ips: [] }], steps: EVERY_STEP, credentials: true },
    [],
  ],
];

describe('planConversations', () => {
  for (const [what, input, lines] of cases) {
    test(what, () => expect(planConversations(input).map(line)).toEqual(lines));
  }
});
