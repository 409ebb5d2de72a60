import type { BindingObservation } from '../model/observations/stun-binding.ts';
import type { Failure } from '../model/outcome.ts';
import { familyOf, formatAddress, type TransportAddress } from '../model/transport.ts';
import type { Exchange, Succeeded } from '../net/exchange.ts';
import { attribute } from '../stun/attributes.ts';
import { ask, baseOf, converse, errorResponse, type Probe, type ProbeContext } from './conversation.ts';
import type { Destination } from './plan.ts';
import { listenForStray } from './stray-answer.ts';

export const BINDING = { method: 'binding', attributes: [] } as const;

type Answered = Omit<
  Extract<BindingObservation, { outcome: 'answered' }>,
  'probe' | 'uri' | 'transport' | 'stagesMs'
>;

/**
 * A Binding request without credentials (RFC 8489 §2). A 401 is the answer too: `secure-stun` wants credentials, and
 * browsers send none.
 */
export const probeBinding: Probe<BindingObservation> = (to, context) => {
  const base = { probe: 'stun-binding' as const, ...baseOf(to) };
  return converse<BindingObservation>(
    to,
    { ...context, credential: undefined },
    async (exchange, stagesMs) => {
      const read = await bind(to, exchange, context);
      const binding = read.outcome === 'answered' ? { binding: read.rttMs } : {};
      return { ...base, stagesMs: { ...stagesMs, ...binding }, ...read };
    },
    (failure, stagesMs) => ({ ...base, stagesMs, ...failure }),
  );
};

async function bind(to: Destination, exchange: Exchange, context: ProbeContext): Promise<Answered | Failure> {
  const stray = to.uri.transport === 'udp' ? listenForStray(to.server, context) : undefined;
  const { end, requestsSent } = await ask(BINDING, to, exchange, context);
  const from = stray?.stop();
  if ('outcome' in end) {
    if (end.outcome !== 'no-response' || !from) return end;
    return { outcome: 'invalid-response', problem: `the answer came from ${formatAddress(from)}` };
  }
  return end.kind === 'failed' ? errorResponse(end) : read(end, requestsSent, exchange);
}

/** The address of ours that a Binding response shows. */
export const mappedAddressOf = ({ response }: Succeeded): TransportAddress | undefined =>
  attribute(response, 'XOR-MAPPED-ADDRESS') ?? attribute(response, 'MAPPED-ADDRESS');

function read(success: Succeeded, requestsSent: number, { channel }: Exchange): Answered | Failure {
  const { response, elapsedMs } = success;
  const mappedAddress = mappedAddressOf(success);
  if (!mappedAddress) {
    return { outcome: 'invalid-response', problem: 'the Binding response has no XOR-MAPPED-ADDRESS' };
  }
  if (familyOf(mappedAddress.ip) !== familyOf(channel.localAddress.ip)) {
    return {
      outcome: 'invalid-response',
      problem: `mapped address ${mappedAddress.ip} is of the other family`,
    };
  }
  const plainMappedAddress = attribute(response, 'MAPPED-ADDRESS');
  const software = attribute(response, 'SOFTWARE');
  const responseOrigin = attribute(response, 'RESPONSE-ORIGIN');
  const otherAddress = attribute(response, 'OTHER-ADDRESS');
  return {
    outcome: 'answered',
    mappedAddress,
    localAddress: channel.localAddress,
    requestsSent,
    rttMs: elapsedMs,
    ...(plainMappedAddress && { plainMappedAddress }),
    ...(software !== undefined && { software }),
    ...(responseOrigin && { responseOrigin }),
    ...(otherAddress && { otherAddress }),
  };
}
