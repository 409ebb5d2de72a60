import { observed } from '../model/observation.ts';
import type { ServerUri } from '../model/target.ts';
import { runProbes } from '../probes/run.ts';
import type { Surroundings } from './surroundings.ts';

/** The address from which a STUN server sees this host (RFC 8489 §2), or null when it does not answer in time. */
export async function askMappedAddress(
  { net, clock, signal, timeoutMs, onProgress }: Omit<Surroundings, 'host' | 'remote'>,
  uris: readonly ServerUri[],
): Promise<string | null> {
  const observations = await runProbes(net, clock, {
    uris,
    steps: new Set(['stun-binding']),
    timeoutMs,
    signal,
    onEvent: ({ waitingFor }) => onProgress(`waiting for ${waitingFor}`),
  });
  const mapped = observed(observations, 'stun-binding').flatMap(binding =>
    binding.outcome === 'answered' && !binding.mappedAddress.ip.includes(':')
      ? [binding.mappedAddress.ip]
      : [],
  );
  return mapped[0] ?? null;
}
