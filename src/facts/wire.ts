import { type Fact, known, unknown } from '../model/fact.ts';
import type { WireFact } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import type { Clock, Net } from '../net/net.ts';
import type { ProbeEvent } from '../probes/conversation.ts';
import type { CredentialSource } from '../probes/credential.ts';
import type { Step } from '../probes/plan.ts';
import { runProbes } from '../probes/run.ts';
import type { ProbeSettings } from '../probes/settings.ts';

/** What to probe, and what is known about it beforehand. */
export interface WireInput {
  readonly uris: readonly ServerUri[];
  readonly domain?: string | undefined;
  readonly steps: ReadonlySet<Step>;
  readonly vantage: WireFact['vantage'];
  /** The demo's own server, which is not to be judged as coturn. */
  readonly embedded?: boolean;
  readonly credential?: CredentialSource | undefined;
  readonly settings?: ProbeSettings | undefined;
  readonly timeoutMs?: number;
}

/** Probes every URI at once; ends within the time given, and half a second more where an allocation is given back. */
export async function gatherWire(
  net: Net,
  clock: Clock,
  { vantage, embedded = false, ...input }: WireInput,
  signal: AbortSignal,
  onEvent: (event: ProbeEvent) => void = () => {},
): Promise<Fact<WireFact>> {
  if (input.uris.length === 0) return unknown('there is no listener to probe');
  const observations = await runProbes(net, clock, { ...input, signal, onEvent });
  if (signal.aborted) return unknown('interrupted');
  return known({ vantage, server: embedded ? 'embedded' : serverOf(observations), observations });
}

/** coturn unless SOFTWARE says otherwise; from 4.7 on it sends none by default. */
function serverOf(observations: readonly Observation[]): WireFact['server'] {
  const software = observations.map(o => ('software' in o ? o.software : undefined)).find(Boolean);
  return software === undefined || /^(coturn|none$)/i.test(software) ? 'coturn' : 'other';
}

/** Outcomes of a listener that is not there, or that a firewall hides. */
const ABSENT: ReadonlySet<Observation['outcome']> = new Set([
  'refused',
  'no-response',
  'unreachable',
  'skipped',
]);

/**
 * A bare host name stands for TURN over UDP, TCP and TLS, and most servers have no TLS. Where the others answer and the
 * guessed TLS listener does not, its silence proves nothing. What the credential endpoint hands out is no guess.
 */
export function setGuessedTlsApart(
  wire: Fact<WireFact>,
  guesses: readonly ServerUri[],
  handedOut: readonly ServerUri[] = [],
): Fact<WireFact> {
  if (!wire.known) return wire;
  const { observations } = wire.value;
  const sure = new Set(handedOut.map(formatUri));
  const guessedUris = new Set(guesses.map(formatUri).filter(uri => !sure.has(uri)));
  const overTls = ({ transport, probe, uri }: Observation) =>
    transport === 'tls' && probe !== 'dns' && guessedUris.has(uri);
  const guessed = observations.filter(overTls);
  const others = observations.filter(o => !overTls(o) && o.probe !== 'dns');
  const absent = (o: Observation) => ABSENT.has(o.outcome);
  if (guessed.length === 0 || !guessed.every(absent) || others.every(absent)) return wire;
  return known({ ...wire.value, observations: observations.filter(o => !overTls(o)), notOffered: guessed });
}
