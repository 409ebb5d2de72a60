import { type Command, InvalidArgumentError } from 'commander';
import type { Step } from '../../probes/plan.ts';
import { CHANNEL_SECONDS, PERMISSION_SECONDS } from '../../probes/trials/life.ts';
import { SOAK_SECONDS } from '../../probes/trials/soak.ts';
import { THROUGHPUT_BOUNDS } from '../../probes/trials/throughput.ts';
import { isTurn, type ProbeKind } from './kind.ts';
import { wholeNumber } from './whole-number.ts';

interface TurnFlags {
  readonly all?: true;
  readonly count?: number;
  readonly interval: number;
  readonly long?: true;
  readonly quota?: number | true;
  readonly stunServer?: { readonly host: string; readonly port: number };
  readonly throughput?: true;
}

/** Safe on a server in use, and done in well under a second where nothing is lost. */
const FAST: readonly Step[] = [
  'turn-allocate',
  'turn-data-path',
  'server-identity',
  'challenge',
  'silent-allocate',
  'ipv6-relay',
  'both-families',
  'lifetimes',
  'retransmission',
  'even-port',
  'dont-fragment',
  'stale-nonce',
  'transports',
  'mobility',
  'reflection',
  'relay-to-relay',
  'sizes',
  'channel-range',
  'family-mismatch',
  'tcp-connect',
  'tcp-passive',
];

const SECONDS: readonly Step[] = ['deletion', 'relay-series', 'icmp'];
const MINUTES: readonly Step[] = ['permission-life', 'channel-life', 'soak'];

const MOST_ALLOCATIONS = 1000;
const DEFAULT_PORT = 3478;

function hostAndPort(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^:\s]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (host !== undefined && number > 0 && number <= 0xffff) return { host, port: number };
  throw new InvalidArgumentError('It is HOST, HOST:PORT or [IPV6]:PORT.');
}

/** What will be sent and for how long, where that is more than an operator may expect. */
function planOf({ long, throughput, quota }: TurnFlags): readonly string[] {
  const minutes = Math.ceil(Math.max(SOAK_SECONDS, CHANNEL_SECONDS, PERMISSION_SECONDS) / 60) + 1;
  const { mostMs, mostBytes } = THROUGHPUT_BOUNDS;
  return [
    ...(long
      ? [`--long takes ${minutes} minutes: one packet a second through three allocations an address`]
      : []),
    ...(throughput
      ? [
          `--throughput sends up to ${mostBytes / 1e6} MB to each address within ${mostMs / 1000} s, and stops when 1 % is lost`,
        ]
      : []),
    ...(quota === undefined
      ? []
      : [
          `--quota holds up to ${quota === true ? 50 : quota} allocations of one user for a moment, then gives them back`,
        ]),
  ];
}

export const turn: ProbeKind = {
  name: 'turn',
  summary: 'Allocate and its options, data path, channels, RFC 6062, mobility (RFC 8656)',
  fits: isTurn,
  instead: 'Give a host name, or a turn: or turns: URI.',
  addOptions: (command: Command) =>
    command
      .option('--all', 'also what takes seconds: loss and round trips over the relay, deletion, ICMP')
      .option('--count <packets>', 'send so many through the relay and back', wholeNumber(1, 100_000))
      .option('--interval <milliseconds>', 'between two of them', wholeNumber(5, 60_000), 20)
      .option('--long', 'also what takes minutes: lives of permission and channel, a long call')
      .option(
        '--quota [most]',
        'allocate as one user until refused, so often at most (default: 50)',
        wholeNumber(1, MOST_ALLOCATIONS),
      )
      .option(
        '--stun-server <host:port>',
        'ask this one through the relay (default: the relay itself)',
        hostAndPort,
      )
      .option('--throughput', 'double the rate through the relay until more than 1 % is lost'),
  plan: planOf,
  probing: (flags: TurnFlags) => {
    const { all, count, interval, long, quota, stunServer, throughput } = flags;
    return {
      steps: [
        ...FAST,
        ...(all ? SECONDS : []),
        ...(count !== undefined && !all ? (['relay-series'] as const) : []),
        ...(throughput ? (['throughput'] as const) : []),
        ...(quota === undefined ? [] : (['quota'] as const)),
        ...(long ? MINUTES : []),
      ],
      settings: {
        ...(count === undefined ? {} : { series: { count, intervalMs: interval } }),
        relay: {
          ...(stunServer && { stunServer }),
          ...(typeof quota === 'number' && { quotaLimit: quota }),
        },
      },
    };
  },
};
