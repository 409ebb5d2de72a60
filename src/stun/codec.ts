import type { Family } from '../model/transport.ts';
import { concat, fromUtf8, fromUtf8Lossy, hex8, padded, toUtf8, viewOf } from './bytes.ts';

/** RFC 8489 §5. */
export const MAGIC_COOKIE = 0x2112a442;

/** Why bytes are bad, as the end of a sentence about them. */
export interface Malformed {
  readonly malformed: string;
}

export const malformed = (reason: string): Malformed => ({ malformed: reason });

export type Decoded<T> = { readonly value: T } | Malformed;

/** The value of an attribute as bytes, without its header and padding. Decoding never throws. */
export interface Codec<T> {
  encode(value: T, transactionId: Uint8Array): Uint8Array;
  decode(bytes: Uint8Array, transactionId: Uint8Array): Decoded<T>;
}

/** Decodes only values of exactly `size` bytes. */
function fixed<T>(
  size: number,
  encode: Codec<T>['encode'],
  decode: (view: DataView) => Decoded<T>,
): Codec<T> {
  return {
    encode,
    decode: bytes =>
      bytes.length === size
        ? decode(viewOf(bytes))
        : malformed(`has ${bytes.length} bytes instead of ${size}`),
  };
}

/** An integer in network byte order. @throws {RangeError} when the value does not fit. */
function unsigned(value: number, size: 1 | 2 | 4): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) {
    throw new RangeError(`${value} does not fit into ${size} bytes`);
  }
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes.slice(4 - size);
}

export const uint32: Codec<number> = fixed(
  4,
  value => unsigned(value, 4),
  view => ({ value: view.getUint32(0) }),
);

export const uint64: Codec<bigint> = fixed(
  8,
  value => {
    const bytes = new Uint8Array(8);
    viewOf(bytes).setBigUint64(0, value);
    return bytes;
  },
  view => ({ value: view.getBigUint64(0) }),
);

/** Sixteen bits, then two bytes that are reserved (CHANNEL-NUMBER, RESPONSE-PORT). */
export const uint16Reserved: Codec<number> = fixed(
  4,
  value => concat([unsigned(value, 2), new Uint8Array(2)]),
  view => ({ value: view.getUint16(0) }),
);

/** Eight bits, then three bytes that are reserved (REQUESTED-TRANSPORT). */
export const uint8Reserved: Codec<number> = fixed(
  4,
  value => concat([unsigned(value, 1), new Uint8Array(3)]),
  view => ({ value: view.getUint8(0) }),
);

/** An attribute that says all by being there. */
export const flag: Codec<true> = fixed<true>(
  0,
  () => new Uint8Array(0),
  () => ({ value: true }),
);

export const bytes: Codec<Uint8Array> = {
  encode: value => value,
  decode: value => ({ value: value.slice() }),
};

/** Bytes of one length, or of a multiple of four between two. */
export function bytesOf(least: number, most = least): Codec<Uint8Array> {
  const fits = (size: number) => size >= least && size <= most && (size - least) % 4 === 0;
  const expected = least === most ? `${least}` : `${least} to ${most} in steps of 4`;
  return {
    encode: value => {
      if (!fits(value.length)) throw new RangeError(`${value.length} bytes instead of ${expected}`);
      return value;
    },
    decode: value =>
      fits(value.length)
        ? { value: value.slice() }
        : malformed(`has ${value.length} bytes instead of ${expected}`),
  };
}

/** Text that goes into a key, so that a damaged one must not be read as another. */
export const text: Codec<string> = {
  encode: toUtf8,
  decode: value => {
    const decoded = fromUtf8(value);
    return decoded === undefined ? malformed('is not UTF-8') : { value: decoded };
  },
};

/** Text for people. */
export const remark: Codec<string> = { encode: toUtf8, decode: value => ({ value: fromUtf8Lossy(value) }) };

/** Text that is only ever given back, one character a byte: a nonce that is no UTF-8 must return unchanged. */
export const token: Codec<string> = {
  encode: value => Uint8Array.from(value, character => character.charCodeAt(0)),
  decode: value => ({ value: Array.from(value, byte => String.fromCharCode(byte)).join('') }),
};

const familyNumbers = { ipv4: 0x01, ipv6: 0x02 } as const;

function familyFrom(number: number): Decoded<Family> {
  if (number === familyNumbers.ipv4) return { value: 'ipv4' };
  if (number === familyNumbers.ipv6) return { value: 'ipv6' };
  return malformed(`has the address family ${hex8(number)}`);
}

/** REQUESTED-ADDRESS-FAMILY and ADDITIONAL-ADDRESS-FAMILY (RFC 8656 §18.6, §18.11). */
export const family: Codec<Family> = fixed<Family>(
  4,
  value => Uint8Array.of(familyNumbers[value], 0, 0, 0),
  view => familyFrom(view.getUint8(0)),
);

/** EVEN-PORT (RFC 8656 §18.7): whether to reserve the next port too. The value is one byte, its top bit the flag. */
export const evenPort: Codec<{ readonly reserveNext: boolean }> = fixed(
  1,
  ({ reserveNext }) => Uint8Array.of(reserveNext ? 0x80 : 0),
  view => ({ value: { reserveNext: (view.getUint8(0) & 0x80) !== 0 } }),
);

/** CHANGE-REQUEST (RFC 5780 §7.2). */
export const changeRequest: Codec<{ readonly changeIp: boolean; readonly changePort: boolean }> = fixed(
  4,
  ({ changeIp, changePort }) => Uint8Array.of(0, 0, 0, (changeIp ? 0x04 : 0) | (changePort ? 0x02 : 0)),
  view => {
    const flags = view.getUint8(3);
    return { value: { changeIp: (flags & 0x04) !== 0, changePort: (flags & 0x02) !== 0 } };
  },
);

export interface ErrorCode {
  /** 300 to 699. */
  readonly code: number;
  /** Empty from coturn 4.11 on: map by code, never by text. */
  readonly reason: string;
}

function encodeError(first: number, { code, reason }: ErrorCode): Uint8Array {
  if (!Number.isInteger(code) || code < 300 || code > 699) throw new RangeError(`${code} is no error code`);
  return concat([Uint8Array.of(first, 0, Math.floor(code / 100), code % 100), toUtf8(reason)]);
}

function decodeError(value: Uint8Array): Decoded<ErrorCode> {
  if (value.length < 4) return malformed(`has ${value.length} bytes, fewer than 4`);
  const hundreds = (value[2] ?? 0) & 0x07;
  const rest = value[3] ?? 0;
  if (hundreds < 3 || hundreds > 6 || rest > 99)
    return malformed(`has the class ${hundreds} and number ${rest}`);
  // Coturn before 4.11 counts the padding in: "Stale nonce\0".
  const reason = fromUtf8Lossy(value.subarray(4)).replace(/\0+$/, '');
  return { value: { code: hundreds * 100 + rest, reason } };
}

/** ERROR-CODE (RFC 8489 §14.8). */
export const errorCode: Codec<ErrorCode> = {
  encode: value => encodeError(0, value),
  decode: decodeError,
};

/** ADDRESS-ERROR-CODE (RFC 8656 §18.12): why one of two families was not allocated. */
export const addressErrorCode: Codec<ErrorCode & { readonly family: Family }> = {
  encode: value => encodeError(familyNumbers[value.family], value),
  decode: value => {
    const error = decodeError(value);
    if ('malformed' in error) return error;
    const decoded = familyFrom(value[0] ?? 0);
    return 'malformed' in decoded ? decoded : { value: { ...error.value, family: decoded.value } };
  },
};

/** UNKNOWN-ATTRIBUTES (RFC 8489 §14.9). */
export const attributeTypes: Codec<readonly number[]> = {
  encode: types => concat(types.map(type => unsigned(type, 2))),
  decode: value => {
    if (value.length % 2 !== 0) return malformed(`has ${value.length} bytes, an odd number`);
    const view = viewOf(value);
    return { value: Array.from({ length: value.length / 2 }, (_, index) => view.getUint16(index * 2)) };
  },
};

/** ICMP (RFC 8656 §18.13): seven bits of type, nine of code, and the data of the error. */
export const icmp: Codec<{ readonly type: number; readonly code: number; readonly data: number }> = fixed(
  8,
  ({ type, code, data }) => concat([new Uint8Array(2), unsigned((type << 9) | code, 2), unsigned(data, 4)]),
  view => {
    const typeAndCode = view.getUint16(2);
    return { value: { type: typeAndCode >> 9, code: typeAndCode & 0x1ff, data: view.getUint32(4) } };
  },
);

/** IANA "STUN Password Algorithms": 1 is MD5, 2 is SHA-256. Neither has parameters. */
export interface PasswordAlgorithm {
  readonly algorithm: number;
  readonly parameters: Uint8Array;
}

function encodeAlgorithm({ algorithm, parameters }: PasswordAlgorithm): Uint8Array {
  const padding = new Uint8Array(padded(parameters.length) - parameters.length);
  return concat([unsigned(algorithm, 2), unsigned(parameters.length, 2), parameters, padding]);
}

/** PASSWORD-ALGORITHMS (RFC 8489 §14.11). */
export const passwordAlgorithms: Codec<readonly PasswordAlgorithm[]> = {
  encode: algorithms => concat(algorithms.map(encodeAlgorithm)),
  decode: value => {
    const view = viewOf(value);
    const algorithms: PasswordAlgorithm[] = [];
    for (let offset = 0; offset < value.length; ) {
      if (offset + 4 > value.length) return malformed('ends inside an algorithm');
      const size = view.getUint16(offset + 2);
      const start = offset + 4;
      if (start + size > value.length) return malformed('holds parameters that run past its end');
      algorithms.push({ algorithm: view.getUint16(offset), parameters: value.slice(start, start + size) });
      offset = start + padded(size);
    }
    return { value: algorithms };
  },
};

/** PASSWORD-ALGORITHM (RFC 8489 §14.12). */
export const passwordAlgorithm: Codec<PasswordAlgorithm> = {
  encode: encodeAlgorithm,
  decode: (value, transactionId) => {
    const list = passwordAlgorithms.decode(value, transactionId);
    if ('malformed' in list) return list;
    const [only, ...others] = list.value;
    return only && others.length === 0
      ? { value: only }
      : malformed(`holds ${list.value.length} algorithms, not one`);
  },
};
