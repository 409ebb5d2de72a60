import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isoDate } from '../util/date.ts';
import { formatIp, parseIp } from '../util/ip.ts';
import type { TlsPeer } from './net.ts';

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

// Unlike getPeerCertificate(true), the chain of the X509Certificate holds only what the server sent.
function chainLength(leaf: X509Certificate): number {
  let length = 1;
  for (let next = leaf.issuerCertificate; next; next = next.issuerCertificate) length += 1;
  return length;
}

/** Describes the finished handshake of a socket that was told to accept any certificate; undefined without a readable one. */
export function tlsPeer(socket: TLSSocket, name: string): TlsPeer | undefined {
  const leaf = socket.getPeerX509Certificate();
  const [notBefore, notAfter] = [isoDate(leaf?.validFrom ?? ''), isoDate(leaf?.validTo ?? '')];
  if (!leaf || notBefore === null || notAfter === null) return undefined;
  const covered = isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name, { subject: 'never' });
  const names = namesOf(leaf.subjectAltName);
  const trustError = socket.authorizationError as unknown;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    certificate: {
      subject: leaf.subject.replaceAll('\n', ', '),
      issuer: leaf.issuer.replaceAll('\n', ', '),
      names,
      notBefore,
      notAfter,
      fingerprint256: leaf.fingerprint256,
      chainLength: chainLength(leaf),
    },
    ...(trustError ? { untrusted: String(trustError) } : {}),
    ...(covered ? {} : { nameMismatch: `${name} is not among ${names.join(', ') || 'no names at all'}` }),
  };
}
