import { randomBytes } from 'node:crypto';
import type { MalformedRequestsObservation } from '../model/observations/malformed-requests.ts';
import { attribute } from '../stun/attributes.ts';
import { concat } from '../stun/bytes.ts';
import { decode, type EncodeOptions, encode } from '../stun/message.ts';
import { encodeChannelData } from '../turn/channel-data.ts';
import { allocate } from '../turn/requests.ts';
import { baseOf, type Probe } from './conversation.ts';
import { exchangeRaw, type RawRequest } from './raw-requests.ts';

interface Malformed extends RawRequest {
  readonly defect: string;
}

function damaged(defect: string, options: EncodeOptions, more: Uint8Array = new Uint8Array(0)): Malformed {
  const id = randomBytes(12);
  const { method, attributes } = allocate();
  const message = { class: 'request' as const, method, transactionId: id, attributes };
  return { defect, id, bytes: concat([encode(message, options), more]) };
}

/** An attribute by its bytes: type, length and value. */
const raw = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

function duplicated(): Malformed {
  const id = randomBytes(12);
  const { method, attributes } = allocate();
  const twice = [...attributes, ...attributes, { name: 'LIFETIME' as const, value: 0xffff_ffff }];
  return {
    defect: 'the same attribute twice',
    id,
    bytes: encode({ class: 'request', method, transactionId: id, attributes: twice }),
  };
}

function huge(): Malformed {
  const id = randomBytes(12);
  const attributes = [{ name: 'SOFTWARE' as const, value: 'x'.repeat(1200) }];
  return {
    defect: 'an attribute of 1200 bytes',
    id,
    bytes: encode({ class: 'request', method: 'allocate', transactionId: id, attributes }),
  };
}

/** A server answers 400 or nothing to these, and lives on. None of them is authenticated, and none is larger than a packet. */
const messages = (): readonly Malformed[] => [
  damaged('cut off in the header', { defect: { kind: 'truncated', size: 12 } }),
  damaged('cut off in an attribute', { defect: { kind: 'truncated', size: 26 } }),
  damaged('a length greater than the message', { defect: { kind: 'length', length: 0xfffc } }),
  damaged('a length smaller than the message', { defect: { kind: 'length', length: 0 } }),
  damaged('a length that is no multiple of 4', { defect: { kind: 'length', length: 7 } }),
  damaged('another magic cookie', { defect: { kind: 'cookie', cookie: 0x12345678 } }),
  damaged('an attribute that runs past the end', { defect: { kind: 'attribute-overrun' } }),
  damaged('a wrong FINGERPRINT', { fingerprint: true, defect: { kind: 'wrong-fingerprint' } }),
  damaged('bytes behind the message', {}, raw(0, 0, 0, 0, 0, 0, 0)),
  duplicated(),
  huge(),
  {
    defect: 'ChannelData with a wrong length',
    id: randomBytes(12),
    bytes: concat([
      encodeChannelData({ channel: 0x4000, data: new Uint8Array(4) }, 'datagram').subarray(0, 2),
      raw(0xff, 0xff, 1, 2),
    ]),
  },
];

function sound(): RawRequest {
  const id = randomBytes(12);
  const { method, attributes } = allocate();
  return { id, bytes: encode({ class: 'request', method, transactionId: id, attributes }) };
}

/** Sends damaged messages over UDP, and asks afterwards whether the server is still there. */
export const probeMalformed: Probe<MalformedRequestsObservation> = async (to, context) => {
  const base = { probe: 'malformed-requests' as const, ...baseOf(to), stagesMs: {} };
  const before = await exchangeRaw([sound()], to, context);
  if ('outcome' in before) return { ...base, ...before };
  if (before[0] === null) {
    return {
      ...base,
      outcome: 'skipped',
      reason: 'a sound Allocate is not answered without credentials either',
    };
  }
  const sent = messages();
  const answers = await exchangeRaw(sent, to, context);
  const after = await exchangeRaw([sound()], to, context);
  const aliveAfter = !('outcome' in after) && after[0] !== null;
  return {
    ...base,
    outcome: 'complete',
    messages: sent.map(({ defect }, i) => ({
      defect,
      answer: answerOf('outcome' in answers ? null : (answers[i] ?? null)),
    })),
    aliveAfter,
  };
};

function answerOf(bytes: Uint8Array | null): 'silence' | 'success' | number {
  const decoded = bytes && decode(bytes);
  if (!decoded || 'malformed' in decoded) return 'silence';
  return attribute(decoded.message, 'ERROR-CODE')?.code ?? 'success';
}
