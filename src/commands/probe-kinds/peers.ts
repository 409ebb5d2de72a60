import type { Step } from '../../probes/plan.ts';
import { isTurn, type ProbeKind } from './kind.ts';

interface Flags {
  readonly active?: boolean;
  readonly rateLimit?: boolean;
  readonly timeout: number;
}

const STEPS: readonly Step[] = [
  'turn-peer-policy',
  'peer-reach',
  'unauthenticated-answers',
  'malformed-requests',
  'management-ports',
];

export const peers: ProbeKind = {
  name: 'peers',
  summary: 'what the relay would reach, against what it should; amplification, leaks, management ports',
  fits: isTurn,
  instead: 'Give a host name, or a turn: or turns: URI.',
  addOptions: command =>
    command
      .option('--config <file>', 'hold the answers against this turnserver.conf')
      .option('--active', 'also send a datagram through the relay to sockets of this host')
      .option('--rate-limit', 'instead: 200 requests without credentials, then one with them'),
  probing: ({ active = false, rateLimit = false, timeout }: Flags) => ({
    steps: rateLimit ? ['challenge-limit'] : STEPS,
    settings: { peers: { active } },
    timeoutMs: Math.max(timeout, 10) * 1000,
  }),
};
