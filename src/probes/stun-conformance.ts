import { randomBytes } from 'node:crypto';
import type { ConformanceObservation, Reply } from '../model/observations/stun-conformance.ts';
import type { Result } from '../net/exchange.ts';
import { type Attribute, attribute } from '../stun/attributes.ts';
import { encode, TRANSACTION_ID_SIZE } from '../stun/message.ts';
import { ask, baseOf, converse, type Probe, type ProbeContext } from './conversation.ts';
import type { Destination } from './plan.ts';
import { exchangeRaw } from './raw-requests.ts';

/** In no RFC and no draft, and comprehension-required. */
const UNKNOWN_TYPE = 0x7ffe;

const UNKNOWN: Attribute = { name: UNKNOWN_TYPE, value: new Uint8Array(4) };
const CHANGE_PORT: Attribute = { name: 'CHANGE-REQUEST', value: { changeIp: false, changePort: true } };

/** A server that obeys answers from elsewhere, which is not heard here and not worth waiting for. */
const CHANGED_MS = 600;

/** Requests that a good server answers in one way only. */
export const probeConformance: Probe<ConformanceObservation> = (to, context) => {
  const base = { probe: 'stun-conformance' as const, ...baseOf(to), stagesMs: {} };
  return converse<ConformanceObservation>(
    to,
    { ...context, credential: undefined },
    async exchange => {
      const overUdp = to.uri.transport === 'udp';
      const brief = {
        ...context,
        deadlineMs: Math.min(context.deadlineMs, context.clock.monotonic() + CHANGED_MS),
      };
      const [unknown, change, legacy] = await Promise.all([
        ask({ method: 'binding', attributes: [UNKNOWN] }, to, exchange, context),
        overUdp ? ask({ method: 'binding', attributes: [CHANGE_PORT] }, to, exchange, brief) : undefined,
        overUdp ? askLegacy(to, context) : undefined,
      ]);
      const { end } = unknown;
      const otherwise = change !== undefined && 'response' in change.end;
      if ('outcome' in end && !otherwise && !legacy?.answered) return { ...base, ...end };
      return {
        ...base,
        outcome: 'complete',
        unknownAttribute: replyOf(unknown),
        ...(change && { changeRequest: replyOf(change) }),
        ...(legacy && { legacy }),
      };
    },
    failure => ({ ...base, ...failure }),
  );
};

function replyOf({ end }: Result): Reply {
  if ('outcome' in end) return { answer: null };
  if (end.kind === 'succeeded') return { answer: 'success' };
  const unknownAttributes = attribute(end.response, 'UNKNOWN-ATTRIBUTES');
  return {
    answer: end.error.code,
    reason: end.error.reason,
    ...(unknownAttributes && { unknownAttributes }),
  };
}

type Legacy = NonNullable<Extract<ConformanceObservation, { outcome: 'complete' }>['legacy']>;

/** RFC 3489 §9.1: sixteen bytes of transaction id, where RFC 8489 has a cookie and twelve. The right answer is silence. */
async function askLegacy(to: Destination, context: ProbeContext): Promise<Legacy | undefined> {
  const cookie = randomBytes(4).readUInt32BE();
  const bytes = encode(
    { class: 'request', method: 'binding', transactionId: randomBytes(TRANSACTION_ID_SIZE), attributes: [] },
    { defect: { kind: 'cookie', cookie } },
  );
  const answers = await exchangeRaw([{ bytes, id: bytes.subarray(4, 20) }], to, context);
  if ('outcome' in answers) return undefined;
  const [answer] = answers;
  return {
    answered: answer !== null && answer !== undefined,
    requestBytes: bytes.length,
    ...(answer ? { responseBytes: answer.length } : {}),
  };
}
