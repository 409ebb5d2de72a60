import { randomBytes } from 'node:crypto';
import type { ConformanceObservation, Reply } from '../model/observations/stun-conformance.ts';
import type { Result } from '../net/exchange.ts';
import { type Attribute, attribute } from '../stun/attributes.ts';
import { equalBytes } from '../stun/bytes.ts';
import { encode, TRANSACTION_ID_SIZE } from '../stun/message.ts';
import { ask, baseOf, converse, type Probe, type ProbeContext, remainingMs } from './conversation.ts';
import type { Destination } from './plan.ts';

/** In no RFC and no draft, and comprehension-required. */
const UNKNOWN_TYPE = 0x7ffe;

const UNKNOWN: Attribute = { name: UNKNOWN_TYPE, value: new Uint8Array(4) };
const CHANGE_PORT: Attribute = { name: 'CHANGE-REQUEST', value: { changeIp: false, changePort: true } };

/** A server that obeys answers from elsewhere, which is not heard here and not worth waiting for. */
const CHANGED_MS = 600;

/** Three sends are enough for a question whose right answer is silence. */
const LEGACY_SENDS = 3;
const LEGACY_EVERY_MS = 150;

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

/** RFC 3489 §9.1: sixteen bytes of transaction id, where RFC 8489 has a cookie and twelve. */
async function askLegacy(to: Destination, context: ProbeContext): Promise<Legacy | undefined> {
  const { net, clock, signal } = context;
  const opening = await net.open({
    transport: 'udp',
    server: to.server,
    name: to.uri.host,
    timeoutMs: remainingMs(context),
    signal,
  });
  if ('failure' in opening) return undefined;
  const { channel } = opening;
  const cookie = randomBytes(4).readUInt32BE();
  const request = encode(
    { class: 'request', method: 'binding', transactionId: randomBytes(TRANSACTION_ID_SIZE), attributes: [] },
    { defect: { kind: 'cookie', cookie } },
  );
  const responseBytes = await new Promise<number | undefined>(resolve => {
    channel.receive({
      bytes: bytes => {
        if (equalBytes(bytes.subarray(4, 20), request.subarray(4, 20))) resolve(bytes.length);
      },
      failed: () => resolve(undefined),
    });
    let sent = 0;
    const send = () => {
      if (sent === LEGACY_SENDS || signal.aborted) return resolve(undefined);
      sent += 1;
      channel.send(request);
      clock.schedule(LEGACY_EVERY_MS, send);
    };
    send();
  });
  channel.close();
  return {
    answered: responseBytes !== undefined,
    requestBytes: request.length,
    ...(responseBytes !== undefined && { responseBytes }),
  };
}
