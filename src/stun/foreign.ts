import { fromUtf8Lossy, hex8 } from './bytes.ts';

const openings: readonly (readonly [pattern: RegExp, protocol: string])[] = [
  [/^HTTP/, "an HTTP answer (starts with 'HTTP')"],
  [/^SSH-/, "an SSH server (starts with 'SSH-')"],
  [/^220[ -]/, "a mail or FTP server (starts with '220')"],
  [/^<[?!a-z]/i, 'an XML or HTML document'],
];

/** Names the protocol whose bytes these are, where they are certainly not STUN; the first four bytes decide. */
export function foreignProtocol(bytes: Uint8Array): string | undefined {
  const start = fromUtf8Lossy(bytes.subarray(0, 4));
  const text = openings.find(([pattern]) => pattern.test(start));
  if (text) return text[1];
  const [first = 0, second] = bytes;
  if (first >= 20 && first <= 24 && second === 3) return 'a TLS record';
  if (first >= 20 && first <= 24 && second === 0xfe) return 'a DTLS record';
  // RFC 7983 §7: STUN 0-3, ChannelData 64-79.
  if (first > 3 && (first < 64 || first > 79))
    return `neither STUN nor ChannelData (first byte ${hex8(first)})`;
  return undefined;
}
