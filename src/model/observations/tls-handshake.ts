import type { Failure, ObservationBase } from '../outcome.ts';

/** What the server's certificate says, as served. Times in UTC ISO 8601. */
export interface ServedCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and IP addresses it covers. */
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of the DER form, upper-case hex with colons. */
  readonly fingerprint256: string;
  readonly chainLength: number;
  /** Every certificate the server sent, its own first. Absent in reports of before it was looked at, as are the next two. */
  readonly chain?: readonly { readonly subject: string; readonly issuer: string }[];
  readonly key?: { readonly type: string; readonly bits?: number; readonly curve?: string };
  /** How its issuer signed it, as `sha256WithRSAEncryption`; an object identifier where it has no name here. */
  readonly signature?: string;
}

/** A TLS handshake that takes any certificate and reports what a strict client would have said. */
export type TlsObservation = ObservationBase<'tls-handshake'> &
  (
    | {
        readonly outcome: 'handshake';
        readonly protocol: string;
        readonly cipher: string;
        /** The protocol the server chose by ALPN, of those that were offered. */
        readonly alpn?: string;
        readonly certificate: ServedCertificate;
        /** Absent when trusted: OpenSSL's code, as `SELF_SIGNED_CERT_IN_CHAIN`. */
        readonly untrusted?: string;
        /** Absent when it covers the name asked for. */
        readonly nameMismatch?: string;
      }
    | Failure
  );
