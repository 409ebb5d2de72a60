import type { Observation, ProbeName } from '../../src/model/observation.ts';
import { observed } from '../../src/model/observation.ts';
import type { ServerUri } from '../../src/model/target.ts';
import type { Transport } from '../../src/model/transport.ts';
import { nodeNet, systemClock } from '../../src/net/node.ts';
import type { ProbeEvent } from '../../src/probes/conversation.ts';
import { type CredentialSource, givenCredential } from '../../src/probes/credential.ts';
import { EVERY_STEP, type Step } from '../../src/probes/plan.ts';
import { runProbes } from '../../src/probes/run.ts';
import type { ProbeSettings } from '../../src/probes/settings.ts';

/** A server as the tests name it. */
export interface Listener {
  readonly ip: string;
  readonly port: number;
  readonly tlsPort?: number;
}

/** `turn:` or `turns:` URIs of a server, one for each transport. */
export const urisOf = (
  { ip, port, tlsPort = port }: Listener,
  transports: readonly Transport[],
): ServerUri[] =>
  transports.map(transport => ({
    scheme: transport === 'tls' ? 'turns' : 'turn',
    host: ip,
    port: transport === 'tls' ? tlsPort : port,
    transport,
  }));

export interface ProbingOptions {
  readonly transports?: readonly Transport[];
  readonly steps?: readonly Step[];
  readonly credential?: CredentialSource | undefined;
  readonly settings?: ProbeSettings;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ProbeEvent) => void;
}

/** A static user of every test server. */
export const alice = givenCredential({ username: 'alice', password: 'wonderland' }, 'static');

/** Runs the real probes over the real net; credentials are alice's unless said otherwise. */
export async function probe(listener: Listener, options: ProbingOptions = {}): Promise<Seen> {
  const { transports = ['udp'], steps = [...EVERY_STEP], signal = new AbortController().signal } = options;
  const observations = await runProbes(nodeNet(systemClock), systemClock, {
    uris: urisOf(listener, transports),
    steps: new Set(steps),
    credential: 'credential' in options ? options.credential : alice,
    settings: options.settings,
    timeoutMs: options.timeoutMs ?? 5000,
    signal,
    ...(options.onEvent ? { onEvent: options.onEvent } : {}),
  });
  return {
    observations,
    all: name => observed(observations, name),
    one: name => {
      const found = observed(observations, name);
      if (found.length !== 1) throw new Error(`${found.length} observations of ${name}`);
      return found[0]!;
    },
  };
}

interface Seen {
  readonly observations: readonly Observation[];
  all<P extends ProbeName>(name: P): Extract<Observation, { probe: P }>[];
  /** @throws when there is not exactly one. */
  one<P extends ProbeName>(name: P): Extract<Observation, { probe: P }>;
}
