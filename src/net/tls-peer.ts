import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServedCertificate } from '../model/observations/tls-handshake.ts';
import { isoDate } from '../util/date.ts';
import { formatIp, parseIp } from '../util/ip.ts';
import type { TlsPeer } from './net.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';

/** Names and addresses of the subject alternative name; the common name no longer counts (RFC 9525 §2). */
export function namesOf(subjectAltName: string | undefined): string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .map(entry => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1])
    .filter(name => name !== undefined)
    .map(name => {
      const ip = parseIp(name);
      return ip ? formatIp(ip) : name.replaceAll('"', '');
    });
}

const oneLine = (name: string): string => name.replaceAll('\n', ', ');

// Unlike getPeerCertificate(true), the chain of the X509Certificate holds only what the server sent.
function chainOf(leaf: X509Certificate): ServedCertificate['chain'] & object {
  const chain = [];
  for (let next: X509Certificate | undefined = leaf; next; next = next.issuerCertificate) {
    chain.push({ subject: oneLine(next.subject), issuer: oneLine(next.issuer) });
  }
  return chain;
}

function keyOf({ publicKey }: X509Certificate): NonNullable<ServedCertificate['key']> {
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails: { modulusLength, namedCurve } = {} } =
    publicKey;
  return {
    type: asymmetricKeyType,
    ...(modulusLength === undefined ? {} : { bits: modulusLength }),
    ...(namedCurve === undefined ? {} : { curve: namedCurve }),
  };
}

/** Describes the finished handshake of a socket that was told to accept any certificate; undefined without a readable one. */
export function tlsPeer(socket: TLSSocket, name: string): TlsPeer | undefined {
  const leaf = socket.getPeerX509Certificate();
  const [notBefore, notAfter] = [isoDate(leaf?.validFrom ?? ''), isoDate(leaf?.validTo ?? '')];
  if (!leaf || notBefore === null || notAfter === null) return undefined;
  const covered = isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name, { subject: 'never' });
  const names = namesOf(leaf.subjectAltName);
  const chain = chainOf(leaf);
  const signature = signatureAlgorithm(leaf.raw);
  const trustError = socket.authorizationError as unknown;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    certificate: {
      subject: oneLine(leaf.subject),
      issuer: oneLine(leaf.issuer),
      names,
      notBefore,
      notAfter,
      fingerprint256: leaf.fingerprint256,
      chainLength: chain.length,
      chain,
      key: keyOf(leaf),
      ...(signature === undefined ? {} : { signature }),
    },
    ...(socket.alpnProtocol ? { alpn: socket.alpnProtocol } : {}),
    ...(trustError ? { untrusted: String(trustError) } : {}),
    ...(covered ? {} : { nameMismatch: `${name} is not among ${names.join(', ') || 'no names at all'}` }),
  };
}
