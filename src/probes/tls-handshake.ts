import type { TlsObservation } from '../model/observations/tls-handshake.ts';
import { baseOf, converse, type Probe } from './conversation.ts';

/** A TLS handshake with any certificate, and what a client that checks certificates would have said to it. */
export const probeTls: Probe<TlsObservation> = (to, context) => {
  const base = { probe: 'tls-handshake' as const, ...baseOf(to) };
  return converse<TlsObservation>(
    to,
    context,
    async ({ channel }, stagesMs) =>
      channel.tls
        ? { ...base, stagesMs, outcome: 'handshake', ...channel.tls }
        : { ...base, stagesMs, outcome: 'skipped', reason: 'this URI asks for no TLS' },
    (failure, stagesMs) => ({ ...base, stagesMs, ...failure }),
  );
};
