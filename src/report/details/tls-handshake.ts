import type { ServedCertificate, TlsObservation } from '../../model/observations/tls-handshake.ts';
import { listed, plural } from '../../util/text.ts';

type Handshake = Extract<TlsObservation, { outcome: 'handshake' }>;

const DAY_MS = 24 * 3600 * 1000;

/** What was served, and for each thing that a browser minds a sentence. */
export function describeHandshake(observation: TlsObservation, now: number): readonly string[] {
  if (observation.outcome === 'tls-failed') return [`TLS: ${whyFailed(observation.error)}`];
  if (observation.outcome !== 'handshake') return [];
  const { protocol, cipher, certificate } = observation;
  const left = Math.floor((Date.parse(certificate.notAfter) - now) / DAY_MS);
  const refusals = refusalsOf(observation);
  return [
    `${protocol}, ${cipher}`,
    `certificate of ${certificate.subject} for ${listed(certificate.names) || 'no name'}`,
    `  ${[keyOf(certificate), `until ${certificate.notAfter.slice(0, 10)} (${left < 0 ? 'expired' : `${plural(left, 'day')} left`})`].join(', ')}`,
    `  issued by ${certificate.issuer}, ${plural(certificate.chainLength, 'certificate')} sent`,
    ...(refusals.length === 0
      ? ['a browser accepts it']
      : refusals.map(refusal => `a browser refuses it: ${refusal}`)),
  ];
}

function keyOf({ key, signature }: ServedCertificate): string {
  if (key === undefined) return 'key unknown';
  const size = key.bits === undefined ? (key.curve ?? '') : `${key.bits} bits`;
  return `${key.type.toUpperCase()} key${size ? ` of ${size}` : ''}${signature ? `, signed with ${signature}` : ''}`;
}

function refusalsOf({ untrusted, nameMismatch, certificate }: Handshake): string[] {
  return [
    ...(untrusted === undefined ? [] : [whyUntrusted(untrusted, certificate)]),
    ...(nameMismatch === undefined ? [] : [`it does not cover the name: ${nameMismatch}`]),
  ];
}

function whyUntrusted(
  code: string,
  { chain = [], chainLength, issuer, subject, notBefore, notAfter }: ServedCertificate,
): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `it, or one above it, has expired (its own end is ${notAfter.slice(0, 10)})`;
    case 'CERT_NOT_YET_VALID':
      return `it is not valid before ${notBefore}`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'it is self-signed: no authority vouches for it';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return `its root, ${chain.at(-1)?.subject ?? issuer}, is not among those trusted here`;
    default:
      break;
  }
  if (!code.startsWith('UNABLE_TO_')) return code;
  if (chainLength === 1 && issuer !== subject) {
    return `the certificate of its issuer, ${issuer}, is not sent and not known here: the intermediate is missing, or a private authority signed it`;
  }
  return `the chain ends at ${chain.at(-1)?.issuer ?? issuer}, which is not known here`;
}

/** OpenSSL's words for a handshake that came to nothing, in those of an operator. */
function whyFailed(error: string): string {
  const known: [pattern: RegExp, words: string][] = [
    [/no answer to the ClientHello/, `the connection opens, and nothing answers TLS on it (${error})`],
    [/wrong version number|packet length too long/, `what answers is not TLS (${error})`],
    [
      /handshake.failure/,
      `the server ends it with an alert: no certificate it can use, or no suite in common (${error})`,
    ],
    [/protocol.version|unsupported.protocol/, `no TLS version in common (${error})`],
    [/unrecognized.name/, `the server does not know the name that was asked for (${error})`],
    [/closed|reset/i, `the connection is closed in the middle of it (${error})`],
  ];
  return known.find(([pattern]) => pattern.test(error))?.[1] ?? error;
}
