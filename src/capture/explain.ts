import type { Defect, ExplainedAttribute, ExplainedMessage } from '../model/transcript.ts';
import { attribute, attributeName, attributeTable } from '../stun/attributes.ts';
import { hex16, hex32, plain, viewOf } from '../stun/bytes.ts';
import { MAGIC_COOKIE } from '../stun/codec.ts';
import { usualCause } from '../stun/error-codes.ts';
import { foreignProtocol } from '../stun/foreign.ts';
import { fingerprintOf, verifyIntegrity } from '../stun/integrity.ts';
import {
  decode,
  HEADER_SIZE,
  type Method,
  readMessageType,
  type StunMessage,
  TRANSACTION_ID_SIZE,
} from '../stun/message.ts';
import { decodeChannelData, isChannelData } from '../turn/channel-data.ts';
import { attributeValue, hexOf } from './attribute-value.ts';
import { type RawAttribute, walkAttributes } from './walk.ts';

/** The key an integrity attribute is to be held against, where it is known. */
export type KeyOf = (message: StunMessage) => Uint8Array | undefined;

type Explained<K extends ExplainedMessage['kind']> = Extract<ExplainedMessage, { kind: K }>;

const { FINGERPRINT } = attributeTable;
const INTEGRITY: ReadonlySet<number> = new Set([
  attributeTable['MESSAGE-INTEGRITY'].type,
  attributeTable['MESSAGE-INTEGRITY-SHA256'].type,
]);

/** A hostile capture may hold 16,000 empty attributes in one message. */
const MOST_ATTRIBUTES = 200;

/** One datagram or frame in words: every attribute that can be read, and every byte that is wrong. Never throws. */
export function explain(bytes: Uint8Array, keyOf: KeyOf = () => undefined): ExplainedMessage {
  const whole = plain(bytes);
  const what = foreignProtocol(whole);
  if (whole.length === 0 || what) return other(whole, what ?? 'nothing: zero bytes');
  return isChannelData(whole) ? explainChannelData(whole) : explainStun(whole, keyOf);
}

const other = ({ length }: Uint8Array, what: string): Explained<'other'> => ({
  kind: 'other',
  sizeBytes: length,
  what,
  defects: [{ offset: 0, text: what }],
});

function explainChannelData(bytes: Uint8Array): ExplainedMessage {
  const decoded = decodeChannelData(bytes);
  if (bytes.length < 4) return other(bytes, 'fewer than the 4 bytes of a ChannelData header');
  const view = viewOf(bytes);
  const [channel, claimed] = [view.getUint16(0), view.getUint16(2)];
  return {
    kind: 'channel-data',
    sizeBytes: bytes.length,
    channel,
    dataBytes: Math.min(claimed, bytes.length - 4),
    defects: 'malformed' in decoded ? [{ offset: 2, text: decoded.malformed }] : [],
  };
}

function explainStun(bytes: Uint8Array, keyOf: KeyOf): ExplainedMessage {
  if (bytes.length < HEADER_SIZE) {
    return other(bytes, `${bytes.length} bytes, fewer than the ${HEADER_SIZE} of a STUN header`);
  }
  const type = readMessageType(viewOf(bytes).getUint16(0));
  const raw = walkAttributes(bytes);
  const id = bytes.subarray(HEADER_SIZE - TRANSACTION_ID_SIZE, HEADER_SIZE);
  const explained = raw.slice(0, MOST_ATTRIBUTES).map(one => explainAttribute(one, id));
  const decoded = decode(bytes);
  const message = 'message' in decoded ? decoded.message : undefined;
  const code = message && attribute(message, 'ERROR-CODE')?.code;
  const meaning = code === undefined ? undefined : usualCause(code, type.method);
  return {
    kind: 'stun',
    sizeBytes: bytes.length,
    method: methodWord(type.method),
    class: type.class,
    transactionId: hexOf(id),
    attributes: explained.map(({ shown }) => shown),
    fingerprint: fingerprintState(bytes, raw),
    integrity: integrityState(bytes, raw, message, keyOf),
    ...(meaning === undefined ? {} : { meaning }),
    defects: [
      ...headerDefects(bytes),
      ...explained.flatMap(({ defect }) => defect ?? []),
      ...orderDefects(bytes, raw),
    ],
  };
}

/** `CreatePermission`, as the RFCs write it. */
const methodWord = (method: Method): string =>
  typeof method === 'number' ? `method ${hex16(method)}` : `${method[0]?.toUpperCase()}${method.slice(1)}`;

function explainAttribute(
  { offset, type, claimed, value }: RawAttribute,
  transactionId: Uint8Array,
): { readonly shown: ExplainedAttribute; readonly defect?: Defect } {
  const name = attributeName(type) ?? hex16(type);
  const shown = (text: string) => ({ offset, name, sizeBytes: claimed, value: text });
  if (value.length < claimed) {
    const text = `${name} claims ${claimed} bytes, and ${value.length} are left`;
    return { shown: shown('runs past the message'), defect: { offset: offset + 2, text } };
  }
  const read = attributeValue(type, value, transactionId);
  return 'text' in read
    ? { shown: shown(read.text) }
    : { shown: shown(read.problem), defect: { offset: offset + 4, text: `${name} ${read.problem}` } };
}

function headerDefects(bytes: Uint8Array): Defect[] {
  const view = viewOf(bytes);
  const [length, cookie] = [view.getUint16(2), view.getUint32(4)];
  const present = bytes.length - HEADER_SIZE;
  const found: (Defect | false)[] = [
    length % 4 !== 0 && { offset: 2, text: `the length ${length} is not a multiple of 4` },
    length !== present && {
      offset: 2,
      text: `the length is ${length}, and ${present} bytes follow the header`,
    },
    cookie !== MAGIC_COOKIE && {
      offset: 4,
      text: `the magic cookie is ${hex32(cookie)} instead of ${hex32(MAGIC_COOKIE)} (RFC 3489 had none)`,
    },
  ];
  return found.filter(defect => defect !== false);
}

function orderDefects(bytes: Uint8Array, raw: readonly RawAttribute[]): Defect[] {
  const defects: Defect[] = [];
  const mark = raw.findIndex(({ type }) => type === FINGERPRINT.type);
  if (mark >= 0 && mark < raw.length - 1) {
    defects.push({ offset: raw[mark]!.offset, text: 'FINGERPRINT is not the last attribute' });
  }
  const state = fingerprintState(bytes, raw);
  if (state === 'wrong') {
    const right = hex32(fingerprintOf(bytes.subarray(0, raw[mark]!.offset)));
    defects.push({ offset: raw[mark]!.offset + 4, text: `FINGERPRINT must be ${right} for these bytes` });
  }
  const integrity = raw.findIndex(({ type }) => INTEGRITY.has(type));
  const late = raw.slice(integrity + 1).find(({ type }) => !INTEGRITY.has(type) && type !== FINGERPRINT.type);
  if (integrity >= 0 && late) {
    const name = attributeName(late.type) ?? hex16(late.type);
    defects.push({
      offset: late.offset,
      text: `${name} follows the integrity attribute and must be ignored`,
    });
  }
  return defects;
}

function fingerprintState(bytes: Uint8Array, raw: readonly RawAttribute[]): Explained<'stun'>['fingerprint'] {
  const found = raw.find(({ type }) => type === FINGERPRINT.type);
  if (!found) return 'absent';
  if (found.value.length !== 4) return 'wrong';
  return viewOf(found.value).getUint32(0) === fingerprintOf(bytes.subarray(0, found.offset))
    ? 'right'
    : 'wrong';
}

function integrityState(
  bytes: Uint8Array,
  raw: readonly RawAttribute[],
  message: StunMessage | undefined,
  keyOf: KeyOf,
): Explained<'stun'>['integrity'] {
  const proofs = raw.filter(({ type }) => INTEGRITY.has(type));
  if (proofs.length === 0) return 'absent';
  // A capture that turnctl wrote.
  if (proofs.every(({ value }) => value.every(byte => byte === 0))) return 'present';
  const key = message && keyOf(message);
  if (!key) return 'present';
  return verifyIntegrity(bytes, key) === 'verified' ? 'verified' : 'wrong';
}
