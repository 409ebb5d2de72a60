import { type Command, InvalidArgumentError } from 'commander';
import type { ProbeKind } from './kind.ts';

interface NatFlags {
  /** True without a number. */
  readonly long?: number | true;
}

/** RFC 4787 REQ-5: no mapping may expire in less than two minutes. */
const LONG_SECONDS = 180;
const MOST_SECONDS = 3600;

function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= MOST_SECONDS) return value;
  throw new InvalidArgumentError(`It is a number of seconds, ${MOST_SECONDS} at most.`);
}

export const nat: ProbeKind = {
  name: 'nat',
  summary: 'how the NAT between here and the server maps and filters (RFC 5780, RFC 4787)',
  fits: ({ transport }) => transport === 'udp',
  instead: 'Give a host name, or a stun: or turn: URI over UDP.',
  addOptions: (command: Command) =>
    command.option(
      '--long [seconds]',
      `also how long a mapping lives without traffic, up to so long (default: ${LONG_SECONDS})`,
      seconds,
    ),
  probing: ({ long }: NatFlags) => ({
    steps: ['nat-behaviour'],
    settings: long === undefined ? {} : { nat: { lifetimeSeconds: long === true ? LONG_SECONDS : long } },
  }),
};
