/** Names of signature algorithms in certificates (RFC 8017 §A.2, RFC 5758 §3.2, RFC 8410 §3). */
const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'ed25519',
};

/** A DER value: where its content starts and where it ends. */
interface Element {
  readonly start: number;
  readonly end: number;
}

function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const first = bytes[at + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const size = first & 0x7f;
  const length = bytes.subarray(at + 2, at + 2 + size).reduce((sum, byte) => sum * 256 + byte, 0);
  return { start: at + 2 + size, end: at + 2 + size + length };
}

/** How a certificate in DER form is signed; Node 20 does not tell. Undefined where it cannot be read (RFC 5280 §4.1). */
export function signatureAlgorithm(der: Uint8Array): string | undefined {
  const certificate = elementAt(der, 0);
  const signed = certificate && elementAt(der, certificate.start);
  const algorithm = signed && elementAt(der, signed.end);
  const identifier = algorithm && elementAt(der, algorithm.start);
  if (!identifier || identifier.end > der.length) return undefined;
  const dotted = dottedOf(der.subarray(identifier.start, identifier.end));
  return NAMES[dotted] ?? dotted;
}

/** Base 128, the first two arcs in the first byte (X.690 §8.19). */
function dottedOf(bytes: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of bytes) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}
