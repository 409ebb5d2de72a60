import {
  type Attribute,
  attributeName,
  attributeTable,
  attributeType,
  codecOf,
  type KnownAttribute,
} from './attributes.ts';
import { concat, hex16, hex32, padded, plain, viewOf } from './bytes.ts';
import { MAGIC_COOKIE, type Malformed, malformed } from './codec.ts';
import { foreignProtocol } from './foreign.ts';
import { fingerprintOf, type IntegrityAlgorithm, integrityOf } from './integrity.ts';

/** Methods of RFC 8489, 8656 and 6062. */
const methodNumbers = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
  connect: 0x00a,
  connectionBind: 0x00b,
  connectionAttempt: 0x00c,
} as const;

export type MethodName = keyof typeof methodNumbers;

/** A method by its name, or by its number when it has none here. */
export type Method = MethodName | number;

const methodNames = new Map<number, MethodName>(
  Object.entries(methodNumbers).map(([name, number]) => [number, name as MethodName]),
);

const classes = ['request', 'indication', 'success', 'error'] as const;

type MessageClass = (typeof classes)[number];

export interface StunMessage {
  readonly class: MessageClass;
  readonly method: Method;
  /** Twelve bytes. */
  readonly transactionId: Uint8Array;
  readonly attributes: readonly Attribute[];
}

export const HEADER_SIZE = 20;
export const TRANSACTION_ID_SIZE = 12;

export interface Integrity {
  readonly key: Uint8Array;
  readonly algorithm: IntegrityAlgorithm;
  /** Bytes kept of a SHA-256 code: 16 to 32 in steps of 4 (RFC 8489 §14.6). Default 32. */
  readonly size?: number;
}

/** One defect to give a message, for servers that must survive it. */
type Defect =
  /** A length field that does not tell the truth. */
  | { readonly kind: 'length'; readonly length: number }
  /** Another cookie; RFC 3489 messages have none and use its place for their transaction id. */
  | { readonly kind: 'cookie'; readonly cookie: number }
  /** Only the first bytes are sent. */
  | { readonly kind: 'truncated'; readonly size: number }
  /** The last attribute claims to be longer than the message. */
  | { readonly kind: 'attribute-overrun' }
  | { readonly kind: 'wrong-integrity' }
  | { readonly kind: 'wrong-fingerprint' };

export interface EncodeOptions {
  /** Adds MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256. */
  readonly integrity?: Integrity;
  /** Adds FINGERPRINT. */
  readonly fingerprint?: boolean;
  readonly defect?: Defect;
}

/** The bytes of a message. @throws {RangeError} when a value does not fit its attribute. */
export function encode(message: StunMessage, options: EncodeOptions = {}): Uint8Array {
  const { integrity, fingerprint, defect } = options;
  const damaged = (kind: Defect['kind'], mac: Uint8Array) =>
    defect?.kind === kind ? mac.map(byte => byte ^ 0xff) : mac;
  const encoded = message.attributes.map(attribute => encodeAttribute(attribute, message.transactionId));
  let bytes = concat([encodeHeader(message), ...encoded]);
  if (integrity) {
    const { type, size } = integrityAttribute(integrity);
    const mac = integrityOf(bytes, { ...integrity, size });
    bytes = concat([bytes, encodeRaw(type, damaged('wrong-integrity', mac))]);
  }
  if (fingerprint) {
    const crc = attributeTable.FINGERPRINT.codec.encode(fingerprintOf(bytes), message.transactionId);
    bytes = concat([bytes, encodeRaw(attributeTable.FINGERPRINT.type, damaged('wrong-fingerprint', crc))]);
  }
  const length = bytes.length - HEADER_SIZE;
  if (length > 0xffff) throw new RangeError(`${length} bytes of attributes do not fit into one message`);
  viewOf(bytes).setUint16(2, length);
  return defect ? spoil(bytes, defect) : bytes;
}

function encodeHeader({ class: messageClass, method, transactionId }: StunMessage): Uint8Array {
  if (transactionId.length !== TRANSACTION_ID_SIZE) {
    throw new RangeError(`a transaction id of ${transactionId.length} bytes`);
  }
  const bytes = new Uint8Array(HEADER_SIZE);
  const view = viewOf(bytes);
  view.setUint16(0, messageType(messageClass, method));
  view.setUint32(4, MAGIC_COOKIE);
  bytes.set(transactionId, 8);
  return bytes;
}

/** The two class bits sit between the method's bits, at 4 and 8 (RFC 8489 §5). */
function messageType(messageClass: MessageClass, method: Method): number {
  const number = typeof method === 'number' ? method : methodNumbers[method];
  // Greater ones would have a first byte that is not STUN's (RFC 7983 §3).
  if (!Number.isInteger(number) || number < 0 || number > 0xff) throw new RangeError(`method ${number}`);
  const spread = (number & 0x0f) | ((number & 0x70) << 1) | ((number & 0x80) << 2);
  const classBits = classes.indexOf(messageClass);
  return spread | ((classBits & 1) << 4) | ((classBits & 2) << 7);
}

function encodeAttribute(attribute: Attribute, transactionId: Uint8Array): Uint8Array {
  const { name, value } = attribute;
  const bytes = typeof name === 'number' ? (value as Uint8Array) : codecOf(name).encode(value, transactionId);
  return encodeRaw(attributeType(name), bytes);
}

function encodeRaw(type: number, value: Uint8Array): Uint8Array {
  if (value.length > 0xffff) throw new RangeError(`${value.length} bytes do not fit into one attribute`);
  const bytes = new Uint8Array(4 + padded(value.length));
  const view = viewOf(bytes);
  view.setUint16(0, type);
  view.setUint16(2, value.length);
  bytes.set(value, 4);
  return bytes;
}

function integrityAttribute({ algorithm, size = 32 }: Integrity): { type: number; size: number } {
  return algorithm === 'sha1'
    ? { type: attributeTable['MESSAGE-INTEGRITY'].type, size: 20 }
    : { type: attributeTable['MESSAGE-INTEGRITY-SHA256'].type, size };
}

function spoil(bytes: Uint8Array, defect: Defect): Uint8Array {
  const view = viewOf(bytes);
  switch (defect.kind) {
    case 'length':
      view.setUint16(2, defect.length);
      return bytes;
    case 'cookie':
      view.setUint32(4, defect.cookie);
      return bytes;
    case 'truncated':
      return bytes.slice(0, defect.size);
    case 'attribute-overrun':
      for (let offset = HEADER_SIZE; offset + 4 <= bytes.length; ) {
        const next = offset + 4 + padded(view.getUint16(offset + 2));
        if (next >= bytes.length) view.setUint16(offset + 2, bytes.length - offset);
        offset = next;
      }
      return bytes;
    default:
      return bytes;
  }
}

/** The message in a datagram or frame, or the first reason why there is none. Never throws; time linear in the size. */
export function decode(bytes: Uint8Array): { readonly message: StunMessage } | Malformed {
  const whole = plain(bytes);
  const header = decodeHeader(whole);
  if ('malformed' in header) return header;
  const { transactionId } = header;
  const view = viewOf(whole);
  const attributes: Attribute[] = [];
  for (let offset = HEADER_SIZE; offset < whole.length; ) {
    // The length is a multiple of four and so is every step: a header of four bytes always fits.
    const type = view.getUint16(offset);
    const start = offset + 4;
    const end = start + view.getUint16(offset + 2);
    if (end > whole.length) return malformed(`attribute ${hex16(type)} runs past the message`);
    const attribute = decodeAttribute(type, whole.subarray(start, end), transactionId);
    if ('malformed' in attribute) return attribute;
    const problem = fingerprintProblem(attribute, whole, offset);
    if (problem) return malformed(problem);
    attributes.push(attribute);
    offset = start + padded(end - start);
  }
  return { message: { ...header, attributes } };
}

function decodeHeader(bytes: Uint8Array): Omit<StunMessage, 'attributes'> | Malformed {
  if (bytes.length === 0) return malformed('nothing: zero bytes');
  const foreign = foreignProtocol(bytes);
  if (foreign) return malformed(foreign);
  if (((bytes[0] ?? 0) & 0xc0) !== 0) return malformed('ChannelData, not a STUN message');
  if (bytes.length < HEADER_SIZE)
    return malformed(`${bytes.length} bytes, fewer than the ${HEADER_SIZE} of a header`);
  const view = viewOf(bytes);
  const cookie = view.getUint32(4);
  if (cookie !== MAGIC_COOKIE) {
    return malformed(`magic cookie ${hex32(cookie)} instead of ${hex32(MAGIC_COOKIE)}`);
  }
  const length = view.getUint16(2);
  if (length % 4 !== 0) return malformed(`length ${length} is not a multiple of 4`);
  const present = bytes.length - HEADER_SIZE;
  if (length !== present) return malformed(`length ${length}, but ${present} bytes follow the header`);
  return { ...readMessageType(view.getUint16(0)), transactionId: bytes.slice(8, HEADER_SIZE) };
}

/** Class and method in the first two bytes of a message (RFC 8489 §5). */
export function readMessageType(type: number): Pick<StunMessage, 'class' | 'method'> {
  const number = (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x0200) >> 2);
  return {
    class: classes[((type & 0x0010) >> 4) | ((type & 0x0100) >> 7)] as MessageClass,
    method: methodNames.get(number) ?? number,
  };
}

function decodeAttribute(type: number, value: Uint8Array, transactionId: Uint8Array): Attribute | Malformed {
  const name = attributeName(type);
  if (name === undefined) return { name: type, value: value.slice() };
  const decoded = codecOf(name).decode(value, transactionId);
  return 'malformed' in decoded
    ? malformed(`attribute ${name} ${decoded.malformed}`)
    : ({ name, value: decoded.value } as KnownAttribute);
}

function fingerprintProblem(attribute: Attribute, whole: Uint8Array, offset: number): string | undefined {
  if (attribute.name !== 'FINGERPRINT') return undefined;
  if (offset + 8 !== whole.length) return 'attribute FINGERPRINT is not the last';
  const expected = fingerprintOf(whole.subarray(0, offset));
  if (attribute.value === expected) return undefined;
  return `FINGERPRINT ${hex32(attribute.value)} instead of ${hex32(expected)}`;
}
