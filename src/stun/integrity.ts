import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { attributeTable } from './attributes.ts';
import { padded, plain, toUtf8, viewOf } from './bytes.ts';

export type IntegrityAlgorithm = 'sha1' | 'sha256';

/** How a key is made of user name, realm and password: RFC 8489 §18.5, as the numbers on the wire. */
export const passwordAlgorithmNumbers = { md5: 1, sha256: 2 } as const;

export type KeyAlgorithm = keyof typeof passwordAlgorithmNumbers;

/**
 * Prepares a user name, realm or password for hashing: RFC 8265 §4.2 OpaqueString, in which spaces of any script become
 * U+0020 and the text is composed (NFC). Not covered: refusing control characters and unassigned code points, and the
 * mappings of SASLprep (RFC 5389), which turn U+00AA into `a` and drop U+00AD. ASCII is the same under all of them.
 */
export const opaqueString = (text: string): string => text.replace(/\p{Zs}/gu, ' ').normalize('NFC');

export interface KeyMaterial {
  readonly username: string;
  readonly realm: string;
  readonly password: string;
}

/**
 * Long-term credential key: the hash of `username:realm:password` (RFC 8489 §9.2.2). For MD5 the text is taken as it is,
 * though the RFC has it prepared: coturn (4.6.1, 4.18.0) and Chromium do not, and a password with a decomposed letter or a
 * no-break space would be called wrong here while it works everywhere else. No deployed server limits us for SHA-256.
 */
export function longTermKey({ username, realm, password }: KeyMaterial, algorithm: KeyAlgorithm): Uint8Array {
  const parts = [username, realm, password];
  const joined = (algorithm === 'md5' ? parts : parts.map(opaqueString)).join(':');
  return plain(createHash(algorithm).update(toUtf8(joined)).digest());
}

/** Short-term credential key (RFC 8489 §9.1.1), as ICE uses between peers. */
export const shortTermKey = (password: string): Uint8Array => toUtf8(opaqueString(password));

/** USERHASH (RFC 8489 §14.4): the SHA-256 of `username:realm`. */
export const userHash = (username: string, realm: string): Uint8Array =>
  plain(
    createHash('sha256')
      .update(toUtf8(`${opaqueString(username)}:${opaqueString(realm)}`))
      .digest(),
  );

/** HMAC over a message up to its integrity attribute, `header length` counted as if that attribute were the last. */
export function integrityOf(
  preceding: Uint8Array,
  { key, algorithm, size }: { key: Uint8Array; algorithm: IntegrityAlgorithm; size: number },
): Uint8Array {
  const covered = withLength(preceding, preceding.length - 20 + 4 + size);
  return plain(createHmac(algorithm, key).update(covered).digest()).slice(0, size);
}

/** CRC-32 over a message up to its FINGERPRINT, XORed with "STUN" (RFC 8489 §14.7). */
export function fingerprintOf(preceding: Uint8Array): number {
  const covered = withLength(preceding, preceding.length - 20 + 8);
  return (crc32(covered) ^ 0x5354554e) >>> 0;
}

function withLength(bytes: Uint8Array, length: number): Uint8Array {
  const copy = plain(bytes).slice();
  viewOf(copy).setUint16(2, length);
  return copy;
}

const integrityAttributes = [
  { type: attributeTable['MESSAGE-INTEGRITY-SHA256'].type, algorithm: 'sha256' },
  { type: attributeTable['MESSAGE-INTEGRITY'].type, algorithm: 'sha1' },
] as const;

/** Whether a message that `decode` accepts was made with the key. MESSAGE-INTEGRITY-SHA256 decides where both are there. */
export function verifyIntegrity(bytes: Uint8Array, key: Uint8Array): 'verified' | 'missing' | 'wrong' {
  for (const { type, algorithm } of integrityAttributes) {
    const found = findAttribute(bytes, type);
    if (!found) continue;
    const expected = integrityOf(bytes.subarray(0, found.offset), {
      key,
      algorithm,
      size: found.value.length,
    });
    return expected.length === found.value.length && timingSafeEqual(expected, found.value)
      ? 'verified'
      : 'wrong';
  }
  return 'missing';
}

/** Where the first attribute of a type starts, and its value. */
export function findAttribute(
  bytes: Uint8Array,
  type: number,
): { readonly offset: number; readonly value: Uint8Array } | undefined {
  const view = viewOf(bytes);
  for (let offset = 20; offset + 4 <= bytes.length; ) {
    const size = view.getUint16(offset + 2);
    if (view.getUint16(offset) === type)
      return { offset, value: bytes.subarray(offset + 4, offset + 4 + size) };
    offset += 4 + padded(size);
  }
  return undefined;
}
