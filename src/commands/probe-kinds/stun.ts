import type { Command } from 'commander';
import type { ProbeKind } from './kind.ts';
import { wholeNumber } from './whole-number.ts';

interface StunFlags {
  readonly count?: number;
  readonly interval: number;
}

const MOST_REQUESTS = 100_000;
const LEAST_INTERVAL_MS = 5;
const MOST_INTERVAL_MS = 60_000;

/** Some twenty sockets each: of more servers than that Binding alone is asked, which is what a survey wants to know. */
const MOST_IN_DETAIL = 32;

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
        wholeNumber(1, MOST_REQUESTS),
      )
      .option(
        '--interval <milliseconds>',
        'between two of them',
        wholeNumber(LEAST_INTERVAL_MS, MOST_INTERVAL_MS),
        100,
      ),
  probing: ({ count, interval }: StunFlags, _, uris = 1) => ({
    steps: [
      'stun-binding',
      ...(uris > MOST_IN_DETAIL
        ? []
        : (['dns-discovery', 'server-identity', 'stun-conformance', 'stun-ports'] as const)),
      ...(count === undefined ? [] : (['stun-series'] as const)),
    ],
    settings: count === undefined ? {} : { series: { count, intervalMs: interval } },
  }),
};
