import type { TransportAddress } from '../model/transport.ts';
import { formatAddress } from '../model/transport.ts';
import { type AttributeName, type AttributeValue, attributeName, codecOf } from '../stun/attributes.ts';
import { hex8, hex16, hex32 } from '../stun/bytes.ts';
import type { ErrorCode } from '../stun/codec.ts';
import { describeErrorCode } from '../stun/error-codes.ts';
import { plural, printable, shortened } from '../util/text.ts';

/** Attributes whose value is a secret, proves one, or is a key to an allocation: never shown, zeroed in a capture. */
export const HIDDEN: ReadonlySet<string> = new Set<AttributeName>([
  'MESSAGE-INTEGRITY',
  'MESSAGE-INTEGRITY-SHA256',
  'ACCESS-TOKEN',
  'MOBILITY-TICKET',
]);

/** A value may fill a datagram; a line should not. */
const LONGEST = 400;

type Words = { readonly [N in AttributeName]?: (value: AttributeValue<N>) => string };

const PROTOCOLS: { readonly [number: number]: string } = { 1: 'ICMP', 6: 'TCP', 17: 'UDP' };
const ALGORITHMS: { readonly [number: number]: string } = { 1: 'MD5', 2: 'SHA-256' };

const quoted = (text: string): string => `"${shortened(printable(text), LONGEST)}"`;
const seconds = (value: number): string => `${value} s`;
const error = ({ code, reason }: ErrorCode): string =>
  `${describeErrorCode(code)}, ${reason === '' ? 'no reason phrase' : quoted(reason)}`;
const size = (bytes: Uint8Array): string => plural(bytes.length, 'byte');
const algorithm = ({ algorithm: number }: { readonly algorithm: number }): string =>
  ALGORITHMS[number] ?? String(number);

const WORDS: Words = {
  'UNKNOWN-ATTRIBUTES': types => types.map(type => attributeName(type) ?? hex16(type)).join(', '),
  'PASSWORD-ALGORITHMS': list => list.map(algorithm).join(', '),
  'PASSWORD-ALGORITHM': algorithm,
  'CHANNEL-NUMBER': hex16,
  LIFETIME: seconds,
  'CACHE-TIMEOUT': seconds,
  'REQUESTED-TRANSPORT': number => `${PROTOCOLS[number] ?? 'protocol'} (${number})`,
  'EVEN-PORT': ({ reserveNext }) => (reserveNext ? 'and reserve the next one' : 'even, nothing reserved'),
  'CHANGE-REQUEST': ({ changeIp, changePort }) =>
    `change address ${changeIp ? 'yes' : 'no'}, port ${changePort ? 'yes' : 'no'}`,
  'ADDRESS-ERROR-CODE': value => `${value.family}: ${error(value)}`,
  ICMP: ({ type, code }) => `type ${type}, code ${code}`,
  'NEW-BANDWIDTH': kilobits => `${kilobits} kbit/s`,
  'ERROR-CODE': error,
  DATA: size,
  PADDING: size,
  'CONNECTION-ID': hex32,
  FINGERPRINT: hex32,
};

/** The value in words, or what is wrong with it. Integrity values, tickets and payload are told by their size alone. */
export function attributeValue(
  type: number,
  bytes: Uint8Array,
  transactionId: Uint8Array,
): { readonly text: string } | { readonly problem: string } {
  const name = attributeName(type);
  if (name === undefined) return { text: `${size(bytes)}${bytes.length > 0 ? `: ${hexOf(bytes)}` : ''}` };
  const decoded = codecOf(name).decode(bytes, transactionId);
  if ('malformed' in decoded) return { problem: decoded.malformed };
  if (HIDDEN.has(name)) return { text: `${size(bytes)}, not shown` };
  const words = WORDS[name] as ((value: unknown) => string) | undefined;
  return { text: words?.(decoded.value) ?? plainly(decoded.value) };
}

function plainly(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === true) return 'set';
  if (value instanceof Uint8Array) return hexOf(value);
  if (typeof value === 'object' && value !== null && 'ip' in value)
    return formatAddress(value as TransportAddress);
  return String(value);
}

/** The first bytes as hex digits. */
export function hexOf(bytes: Uint8Array, most = 32): string {
  const shown = Array.from(bytes.subarray(0, most), byte => hex8(byte).slice(2).toLowerCase()).join('');
  return bytes.length > most ? `${shown}… (${bytes.length} bytes)` : shown;
}
