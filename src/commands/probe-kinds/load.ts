import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ServerUri } from '../../model/target.ts';
import { DEFAULT_LOAD, isLocalTarget, type LoadSettings } from '../../probes/load.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { isTurn, type ProbeKind } from './kind.ts';

interface Flags {
  readonly allocations: number;
  readonly senders: number;
  readonly packets: number;
  readonly size: number;
  readonly duration: number;
  readonly budget: number;
  readonly iOwnThisServer?: boolean;
  readonly plan?: boolean;
  readonly json?: boolean;
}

/** Beside the relaying: for setting up, and for giving back. */
const AROUND_MS = 20_000;

/** A whole number within bounds. */
const within =
  (least: number, most: number) =>
  (value: string): number => {
    const parsed = Number(value);
    if (Number.isInteger(parsed) && parsed >= least && parsed <= most) return parsed;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };

const settingsOf = (flags: Flags): LoadSettings => ({
  allocations: flags.allocations,
  senders: flags.senders,
  packets: flags.packets,
  sizeBytes: flags.size,
  durationMs: flags.duration * 1000,
  budgetMs: flags.budget,
  anyTarget: flags.iOwnThisServer === true,
});

function addOptions(command: Command): Command {
  const option = (flag: string, what: string, least: number, most: number, value: number) =>
    command.addOption(new Option(flag, what).argParser(within(least, most)).default(value));
  option('--allocations <count>', 'set up so many at most', 1, 5000, DEFAULT_LOAD.allocations);
  option('--senders <count>', 'so many of them send to one another', 2, 5000, DEFAULT_LOAD.senders);
  option('--packets <count>', 'send so many messages at most', 1, 5_000_000, DEFAULT_LOAD.packets);
  option('--size <bytes>', 'payload of each', 8, 1200, DEFAULT_LOAD.sizeBytes);
  option('--duration <seconds>', 'send no longer than this', 1, 60, DEFAULT_LOAD.durationMs / 1000);
  option('--budget <ms>', 'stop where 95 of 100 allocations take longer', 1, 10_000, DEFAULT_LOAD.budgetMs);
  return command
    .option('--plan', 'print what it would cost, and send nothing')
    .option('--i-own-this-server', 'load a server that is not on this host');
}

/** What a run costs at most, in one sentence. */
function costOf(
  uris: readonly ServerUri[],
  { allocations, senders, packets, sizeBytes, durationMs }: LoadSettings,
): string {
  const ports = Math.min(senders, allocations);
  // Each message goes to the server, through two relayed addresses, and back.
  const megabytes = ((packets * (sizeBytes + 4)) / 1e6).toFixed(1);
  const where = uris.map(({ host, port }) => `${host}:${port}`).join(', ');
  return (
    `at most ${allocations} allocations at ${where} (as many sockets here and relay ports there), ` +
    `then ${packets} messages of ${sizeBytes} bytes between ${ports} of them in ${durationMs / 1000} s: ` +
    `${megabytes} MB each way; every allocation is given back`
  );
}

async function before(uris: readonly ServerUri[], flags: Flags, io: Io): Promise<'go on' | 'stop'> {
  const overUdp = uris.filter(({ transport }) => transport === 'udp');
  if (overUdp.length === 0)
    throw new UsageError('load is measured over UDP', 'Give a turn: URI with ?transport=udp.');
  const settings = settingsOf(flags);
  const cost = costOf(overUdp, settings);
  if (flags.plan === true) {
    io.stdout(
      flags.json === true
        ? `${JSON.stringify({ schemaVersion: 1, command: 'probe load', plan: { cost, ...settings } }, null, 2)}\n`
        : `Costs ${cost}.\n`,
    );
    return 'stop';
  }
  if (!settings.anyTarget) await refuseOthers(overUdp, io);
  io.stderr(`turnctl: ${cost}\n`);
  return 'go on';
}

/** @throws {UsageError} for a server that is not on this host */
async function refuseOthers(uris: readonly ServerUri[], { net, signal }: Io): Promise<void> {
  const local = [...net.localIps('ipv4'), ...net.localIps('ipv6')];
  for (const { host } of uris) {
    const resolved = await net.resolve(host, { timeoutMs: 2000, signal });
    const elsewhere = 'ips' in resolved ? resolved.ips.find(ip => !isLocalTarget(ip, local)) : undefined;
    if (elsewhere === undefined) continue;
    const name = elsewhere === host ? host : `${host} (${elsewhere})`;
    throw new UsageError(
      `${name} is not on this host: a load test can stop calls there`,
      'If it is yours: --i-own-this-server. What it would cost: --plan.',
    );
  }
}

export const load: ProbeKind = {
  name: 'load',
  summary: 'allocations and relayed packets a second, until quota, ports or latency give out',
  fits: isTurn,
  instead: 'Give a host name, or a turn: URI.',
  addOptions,
  before,
  probing: (flags: Flags) => ({
    steps: ['load'],
    settings: { load: settingsOf(flags) },
    timeoutMs: flags.duration * 1000 + AROUND_MS,
  }),
};
