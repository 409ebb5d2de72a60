import { type Command, InvalidArgumentError } from 'commander';
import type { ProbeKind } from './kind.ts';

interface StunFlags {
  readonly count?: number;
  readonly interval: number;
}

const MOST_REQUESTS = 100_000;
const LEAST_INTERVAL_MS = 5;
const MOST_INTERVAL_MS = 60_000;

function whole(least: number, most: number): (text: string) => number {
  return text => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}

export const stun: ProbeKind = {
  name: 'stun',
  summary: 'Binding over every transport and address, SRV and NAPTR, loss and jitter (RFC 8489)',
  fits: () => true,
  instead: 'Give a host name, or a URI.',
  addOptions: (command: Command) =>
    command
      .option(
        '--count <requests>',
        'send so many to each listener, each once, and tell loss, round trip and jitter',
        whole(1, MOST_REQUESTS),
      )
      .option(
        '--interval <milliseconds>',
        'between two of them',
        whole(LEAST_INTERVAL_MS, MOST_INTERVAL_MS),
        100,
      ),
  probing: ({ count, interval }: StunFlags) => ({
    steps: [
      'dns-discovery',
      'stun-binding',
      'server-identity',
      'stun-conformance',
      'stun-ports',
      ...(count === undefined ? [] : (['stun-series'] as const)),
    ],
    settings: count === undefined ? {} : { series: { count, intervalMs: interval } },
  }),
};
