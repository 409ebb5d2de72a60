import type { LoadAllocationsObservation, LoadRelayObservation } from '../model/observations/load.ts';
import { classifyIp, parseIp } from '../util/ip.ts';
import { baseOf, type ProbeContext } from './conversation.ts';
import { ramp } from './load-ramp.ts';
import { relayLoad } from './load-relay.ts';
import type { Destination } from './plan.ts';

type Observations = readonly (LoadAllocationsObservation | LoadRelayObservation)[];

/** Loads of one kind: what it may cost at most. */
export interface LoadSettings {
  readonly allocations: number;
  /** Senders at most. */
  readonly senders: number;
  readonly packets: number;
  readonly sizeBytes: number;
  readonly durationMs: number;
  /** The ramp ends where 95 of 100 allocations take longer. */
  readonly budgetMs: number;
  /** `--i-own-this-server`. */
  readonly anyTarget: boolean;
}

/** Modest: half a minute of a small server's time at most. */
export const DEFAULT_LOAD: LoadSettings = {
  allocations: 200,
  senders: 100,
  packets: 200_000,
  sizeBytes: 160,
  durationMs: 3000,
  budgetMs: 500,
  anyTarget: false,
};

/** Gives back so many at a time. */
const RELEASES_AT_ONCE = 64;

/** Whether packets to this address stay on this machine. */
export function isLocalTarget(ip: string, localIps: readonly string[]): boolean {
  const parsed = parseIp(ip);
  return localIps.includes(ip) || (parsed !== null && classifyIp(parsed) === 'loopback');
}

/** Sets up allocations until something gives out, relays between them, and gives every one back, also after an abort. */
export async function probeLoad(to: Destination, context: ProbeContext): Promise<Observations> {
  const settings = context.settings.load ?? DEFAULT_LOAD;
  const { net } = context;
  const base = { ...baseOf(to), stagesMs: {} };
  const local = [...net.localIps('ipv4'), ...net.localIps('ipv6')];
  if (!settings.anyTarget && !isLocalTarget(to.server.ip, local)) {
    const reason = 'the server is not on this host, and --i-own-this-server was not given';
    return [{ ...base, probe: 'load-allocations', outcome: 'skipped', reason }];
  }
  const { held, result } = await ramp(to, context, settings);
  let relayed: LoadRelayObservation | undefined;
  let confirmed = 0;
  try {
    if (held.length > 1 && !context.signal.aborted) {
      relayed = { ...base, probe: 'load-relay', ...(await relayLoad(held, to, context, settings)) };
    }
  } finally {
    context.onEvent({ waitingFor: 'the deletion of what was allocated' });
    for (let start = 0; start < held.length; start += RELEASES_AT_ONCE) {
      const ends = await Promise.all(held.slice(start, start + RELEASES_AT_ONCE).map(one => one.release()));
      confirmed += ends.filter(
        answer => answer && 'response' in answer.end && answer.end.kind === 'succeeded',
      ).length;
    }
  }
  const allocations: LoadAllocationsObservation =
    'outcome' in result
      ? { ...base, probe: 'load-allocations', ...result }
      : {
          ...base,
          probe: 'load-allocations',
          outcome: 'complete',
          ...result,
          released: held.length,
          confirmed,
        };
  return relayed === undefined ? [allocations] : [allocations, relayed];
}
