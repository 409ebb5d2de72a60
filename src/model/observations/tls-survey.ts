import type { Failure, ObservationBase } from '../outcome.ts';

/** Offered alone, a version or a kind of suites was taken, was refused (by an alert, or by hanging up), or met silence. */
export type Offer =
  | { readonly answer: 'taken'; readonly suite?: number }
  | { readonly answer: 'refused'; readonly alert?: number }
  | { readonly answer: 'silent' };

/** Suites that nobody should offer any more, by what is wrong with them. */
export type WeakSuites = 'null' | 'anonymous' | 'export' | 'rc4' | '3des' | 'no-forward-secrecy';

/** A handshake that differs from a browser's in one thing. */
export type Variation = 'no-server-name' | 'other-server-name' | 'alpn-stun.turn' | 'alpn-http/1.1';

/** What a TLS listener takes beyond what a browser offers, and what is behind it. */
export type TlsSurveyObservation = ObservationBase<'tls-survey'> &
  (
    | {
        readonly outcome: 'complete';
        readonly versions: readonly (Offer & { readonly version: string })[];
        readonly weakSuites: readonly (Offer & { readonly kind: WeakSuites })[];
        /** Whether a TURN request through TLS was answered by a STUN message, of any kind. */
        readonly inside: { readonly outcome: 'answered' } | Failure;
        readonly variations: readonly (
          | {
              readonly kind: Variation;
              readonly outcome: 'handshake';
              /** The same certificate as without the variation. */
              readonly sameCertificate: boolean;
              readonly alpn?: string;
              readonly inside: { readonly outcome: 'answered' } | Failure;
            }
          | ({ readonly kind: Variation } & Failure)
        )[];
        /** DTLS on the same port over UDP: whether something answers, with how many bytes to how many. */
        readonly dtls:
          | {
              readonly outcome: 'answered';
              readonly with: string;
              readonly sentBytes: number;
              readonly receivedBytes: number;
            }
          | Failure;
      }
    | Failure
  );
