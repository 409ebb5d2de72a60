import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';

/** Versions that a ClientHello can ask for by its version field alone; TLS 1.3 is asked for by an extension. */
export const HELLO_VERSIONS = { SSLv3: 0x0300, TLSv1: 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303 } as const;

export type HelloVersion = keyof typeof HELLO_VERSIONS;

/** What a server made of a ClientHello (RFC 5246 §7.3, RFC 6347 §4.2.1). */
export type HelloAnswer =
  | { readonly kind: 'server-hello'; readonly version: HelloVersion | null; readonly suite: number }
  /** DTLS: the server wants its cookie back before it does anything. */
  | { readonly kind: 'hello-verify-request' }
  /** By its number (RFC 8446 §6). */
  | { readonly kind: 'alert'; readonly description: number }
  | { readonly kind: 'no-tls' };

interface HelloOptions {
  readonly version: HelloVersion;
  readonly suites: readonly number[];
  /** Left out for an address. */
  readonly serverName: string;
}

const HANDSHAKE = 22;
const ALERT = 21;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const HELLO_VERIFY_REQUEST = 3;
const DTLS_1_2 = 0xfefd;
/** Secure renegotiation (RFC 5746 §3.3), without which careful servers hang up. */
const RENEGOTIATION_SCSV = 0x00ff;

const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const u24 = (value: number): number[] => [value >> 16, ...u16(value & 0xffff)];
const vector8 = (bytes: readonly number[]): number[] => [bytes.length, ...bytes];
const vector16 = (bytes: readonly number[]): number[] => [...u16(bytes.length), ...bytes];

function extensions(serverName: string): number[] {
  const extension = (type: number, body: readonly number[]) => [...u16(type), ...vector16(body)];
  const name = [...Buffer.from(serverName, 'latin1')];
  const groups = [0x001d, 0x0017, 0x0018].flatMap(u16);
  // Ours is never verified: every pair that a server may have a key for.
  const signatures = [0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201].flatMap(u16);
  return [
    ...(isIP(serverName) || serverName === '' ? [] : extension(0, vector16([0, ...vector16(name)]))),
    ...extension(10, vector16(groups)),
    ...extension(11, vector8([0])),
    ...extension(13, vector16(signatures)),
  ];
}

function helloBody(
  version: number,
  { suites, serverName }: HelloOptions,
  afterSession: readonly number[],
): number[] {
  return [
    ...u16(version),
    ...randomBytes(32),
    0,
    ...afterSession,
    ...vector16([...suites, RENEGOTIATION_SCSV].flatMap(u16)),
    ...vector8([0]),
    ...(version === HELLO_VERSIONS.SSLv3 ? [] : vector16(extensions(serverName))),
  ];
}

/** A ClientHello that offers one version and these suites alone. It goes no further: nobody has keys for what follows. */
export function clientHello(options: HelloOptions): Uint8Array {
  const version = HELLO_VERSIONS[options.version];
  const body = helloBody(version, options, []);
  const handshake = [CLIENT_HELLO, ...u24(body.length), ...body];
  // The record's own version has been TLS 1.0 at most ever since old servers choked on more.
  return Uint8Array.from([HANDSHAKE, ...u16(Math.min(version, 0x0301)), ...vector16(handshake)]);
}

/** The first flight of DTLS 1.2, without a cookie: whoever speaks it answers with a HelloVerifyRequest (RFC 6347 §4.2.1). */
export function dtlsClientHello(options: Omit<HelloOptions, 'version'>): Uint8Array {
  const body = helloBody(DTLS_1_2, { ...options, version: 'TLSv1.2' }, vector8([]));
  const header = [CLIENT_HELLO, ...u24(body.length), ...u16(0), ...u24(0), ...u24(body.length)];
  const epochAndNumber = new Array<number>(8).fill(0);
  const record = [...epochAndNumber, ...vector16([...header, ...body])];
  return Uint8Array.from([HANDSHAKE, ...u16(0xfeff), ...record]);
}

/** Reads the beginning of an answer; undefined while it is too short to tell. */
export function readHelloAnswer(bytes: Uint8Array, over: 'tls' | 'dtls'): HelloAnswer | undefined {
  const headerSize = over === 'dtls' ? 13 : 5;
  const [type, major] = bytes;
  if (type === undefined || major === undefined) return undefined;
  if ((type !== HANDSHAKE && type !== ALERT) || major !== (over === 'dtls' ? 0xfe : 3))
    return { kind: 'no-tls' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === ALERT) {
    return bytes.length < headerSize + 2
      ? undefined
      : { kind: 'alert', description: view.getUint8(headerSize + 1) };
  }
  // A handshake message of DTLS says of itself where it belongs (RFC 6347 §4.2.2).
  const bodyAt = headerSize + (over === 'dtls' ? 12 : 4);
  if (bytes.length < bodyAt) return undefined;
  const message = view.getUint8(headerSize);
  if (message === HELLO_VERIFY_REQUEST && over === 'dtls') return { kind: 'hello-verify-request' };
  if (message !== SERVER_HELLO) return { kind: 'no-tls' };
  if (bytes.length < bodyAt + 35) return undefined;
  const suiteAt = bodyAt + 35 + view.getUint8(bodyAt + 34);
  if (bytes.length < suiteAt + 2) return undefined;
  const chosen = view.getUint16(bodyAt);
  const names = Object.entries(HELLO_VERSIONS) as [HelloVersion, number][];
  const version = names.find(([, number]) => number === chosen)?.[0] ?? null;
  return { kind: 'server-hello', version, suite: view.getUint16(suiteAt) };
}
