/** A plain view on the same memory, also of a Node `Buffer`, whose `slice` would not copy. */
export const plain = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Size on the wire of something that is padded to a multiple of four bytes (RFC 8489 §14). */
export const padded = (size: number): number => (size + 3) & ~3;

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

export const hex8 = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;
export const hex16 = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(4, '0')}`;
export const hex32 = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;

const encoder = new TextEncoder();
const lossyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

export const toUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text for people: bytes that are no UTF-8 become U+FFFD. */
export const fromUtf8Lossy = (bytes: Uint8Array): string => lossyDecoder.decode(bytes);

/** The text, or undefined when the bytes are no UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
