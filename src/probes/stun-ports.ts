import type { PortsObservation } from '../model/observations/stun-ports.ts';
import type { Failure } from '../model/outcome.ts';
import type { Transport } from '../model/transport.ts';
import { ask, baseOf, converse, type Probe } from './conversation.ts';
import { BINDING } from './stun-binding.ts';

/** Those of RFC 8656 §4; a third one where the URI has another. */
const USUAL_PORTS = [3478, 5349];
const TRANSPORTS: readonly Transport[] = ['udp', 'tcp', 'tls'];

/** What does not answer by then does not answer. */
const WAIT_MS = 1000;

/** Tries every transport on every port, all at once. That most of them are closed is the usual case. */
export const probePorts: Probe<PortsObservation> = async (to, context) => {
  const { clock, deadlineMs } = context;
  const ports = [...new Set([to.server.port, ...USUAL_PORTS])].sort((a, b) => a - b);
  const brief = {
    ...context,
    credential: undefined,
    deadlineMs: Math.min(deadlineMs, clock.monotonic() + WAIT_MS),
    onEvent: () => {},
  };
  const asked = ports.flatMap(port =>
    TRANSPORTS.map(async transport => {
      const there = { uri: { ...to.uri, port, transport }, server: { ip: to.server.ip, port } };
      const failure = await converse<Failure | undefined>(
        there,
        brief,
        async exchange => {
          const { end } = await ask(BINDING, there, exchange, brief);
          return 'outcome' in end ? end : undefined;
        },
        reason => reason,
      );
      return { port, transport, failure };
    }),
  );
  const base = { probe: 'stun-ports' as const, ...baseOf(to), stagesMs: {} };
  const results = await Promise.all(asked);
  const own = results.find(
    ({ port, transport }) => port === to.server.port && transport === to.uri.transport,
  );
  if (own?.failure && results.every(({ failure }) => failure)) return { ...base, ...own.failure };
  return {
    ...base,
    outcome: 'complete',
    ports: results.map(({ port, transport, failure }) => ({
      port,
      transport,
      result: failure?.outcome ?? 'answered',
    })),
  };
};
