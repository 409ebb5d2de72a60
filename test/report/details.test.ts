import { describe, expect, test } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { renderDetails } from '../../src/report/details/index.ts';
import { styleOf } from '../../src/report/style.ts';
import { answering, endpointDown } from '../support/endpoint.ts';
import {
  authenticated,
  authenticationFailed,
  handshake,
  handshakeFailed,
  servedCertificate,
  tlsSurvey,
  tried,
} from '../support/observations.ts';

const details = (observations: readonly Observation[], more: object = {}) =>
  renderDetails(
    { observations, observedAt: '2026-01-31T12:00:00.000Z', ...more },
    80,
    styleOf({ color: false, width: 80, unicode: true }),
  );

/** In one line, so that it does not matter where it wraps. */
const of = (observation: Observation): string => details([observation]).join(' ').replace(/ +/g, ' ');

describe('a certificate, in sentences', () => {
  const alone = { ...servedCertificate, chainLength: 1 };
  const refusals: [code: string, certificate: typeof servedCertificate, says: string][] = [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', alone, 'it is self-signed'],
    ['CERT_HAS_EXPIRED', servedCertificate, 'has expired'],
    ['CERT_NOT_YET_VALID', servedCertificate, 'not valid before 2026-01-01'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', alone, 'the certificate of its issuer, CN=Example CA, is not sent'],
    [
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      {
        ...servedCertificate,
        chain: [
          { subject: 'CN=a', issuer: 'CN=Middle' },
          { subject: 'CN=Middle', issuer: 'CN=Top' },
        ],
      },
      'the chain ends at CN=Top, which is not known here',
    ],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      { ...servedCertificate, chain: [{ subject: 'CN=Own root', issuer: 'CN=Own root' }] },
      'its root, CN=Own root, is not among those trusted here',
    ],
  ];
  for (const [untrusted, certificate, says] of refusals) {
    test(untrusted, () => {
      const text = of(handshake({ untrusted, certificate }));
      expect(text).toContain(`a browser refuses it: `);
      expect(text).toContain(says);
      expect(text).not.toContain('a browser accepts it');
    });
  }

  test('one that is sound, with the days that are left', () => {
    const key = { type: 'rsa', bits: 2048 };
    const text = of(
      handshake({ certificate: { ...servedCertificate, key, signature: 'sha256WithRSAEncryption' } }),
    );
    expect(text).toContain('a browser accepts it');
    expect(text).toContain(
      'RSA key of 2048 bits, signed with sha256WithRSAEncryption, until 2026-04-01 (59 days left)',
    );
  });

  const failures: [error: string, says: string][] = [
    ['no answer to the ClientHello in 2000 ms', 'nothing answers TLS'],
    ['wrong version number', 'what answers is not TLS'],
    ['sslv3 alert handshake failure', 'no certificate it can use, or no suite in common'],
    ['tlsv1 alert protocol version', 'no TLS version in common'],
    ['the connection was closed by the other side', 'closed in the middle'],
    ['something new', 'something new'],
  ];
  for (const [error, says] of failures) {
    test(error, () => expect(of(handshakeFailed({ outcome: 'tls-failed', error }))).toContain(says));
  }
});

test('a survey says of each thing whether it is taken, and what is untested', () => {
  const same = { outcome: 'handshake', sameCertificate: true, inside: { outcome: 'answered' } } as const;
  const text = of(
    tlsSurvey({
      variations: [
        { kind: 'no-server-name', ...same },
        { kind: 'alpn-stun.turn', outcome: 'tls-failed', error: 'tlsv1 alert no application protocol' },
        {
          kind: 'alpn-http/1.1',
          ...same,
          alpn: 'http/1.1',
          inside: { outcome: 'invalid-response', problem: 'HTTP' },
        },
      ],
      dtls: { outcome: 'answered', with: 'HelloVerifyRequest', sentBytes: 181, receivedBytes: 48 },
    }),
  );
  expect(text).toContain('versions: TLSv1.1 no, TLSv1.2 yes, TLSv1.3 yes');
  expect(text).toContain('weak suites: no forward secrecy');
  expect(text).toContain('without a server name: the same certificate, a TURN server answers');
  expect(text).toContain('with ALPN stun.turn: refused (tlsv1 alert no application protocol)');
  expect(text).toContain('with ALPN http/1.1: the same certificate, http/1.1 chosen, no TURN server: HTTP');
  expect(text).toContain('its certificate is untested, Node has no DTLS');
});

describe('authentication', () => {
  test('answers that tell unknown users from wrong passwords are shown with their sizes', () => {
    const wrong = [
      { kind: 'wrong-password', ...tried(401) },
      { kind: 'unknown-user', ...tried(401), sizeBytes: 96 },
    ] as const;
    expect(of(authenticated({ wrong }))).toContain(
      'unknown user (401, 96 bytes) and wrong password (401, 80 bytes) are told apart',
    );
    expect(of(authenticated())).toContain('are answered alike');
  });

  const clocks: [low: number | null, high: number | null, says: string][] = [
    [-1.2, 1.1, 'clock: as ours, within 2 s'],
    [88.5, 91, 'clock: 90 s ahead of ours, within 2 s'],
    [-3602, -3599.5, 'clock: 3601 s behind ours, within 2 s'],
    [null, 4, 'clock: could not be compared'],
  ];
  for (const [atLeastSeconds, atMostSeconds, says] of clocks) {
    test(says, () => {
      expect(of(authenticated({ clock: { atLeastSeconds, atMostSeconds, tries: 7 } }))).toContain(says);
    });
  }

  const mechanisms: [announced: boolean, numbers: number[] | null, says: string][] = [
    [false, null, 'MD5 and SHA-1, no choice of algorithms'],
    [true, [2, 1, 9], 'password algorithms SHA-256, MD5, algorithm 9'],
    [true, null, 'announced and removed on the way (bid-down)'],
  ];
  for (const [passwordAlgorithms, numbers, says] of mechanisms) {
    test(says, () => {
      const announced = { passwordAlgorithms, usernameAnonymity: false };
      const challenge = { realm: 'r', announced, passwordAlgorithms: numbers, thirdParty: 'auth.test' };
      const text = of(authenticated({ challenge }));
      expect(text).toContain(says);
      expect(text).toContain('OAuth of auth.test, not tried');
    });
  }

  test('what an allocation does that outlives its credential', () => {
    expect(of(authenticated({ outlived: { answer: 'accepted' } }))).toContain('the session goes on');
    expect(of(authenticated({ outlived: { answer: 401 } }))).toContain('refused with 401, the call ends');
    expect(of(authenticated({ outlived: { skipped: 'no secret' } }))).toContain('not tried, no secret');
  });

  test('a server that asks nobody', () => {
    expect(of(authenticationFailed({ outcome: 'unchallenged' }))).toContain('nobody is asked');
  });
});

describe('the credential endpoint', () => {
  test('how it answers', () => {
    const text = details([], answering({ aheadSeconds: -90, allowOrigin: '*' })).join('\n');
    expect(text).toMatch(/^https:\/\/app\.example\.org\/turn\n/);
    expect(text).toContain('clock 90 s behind ours; pages of * may read it');
    expect(text).toContain('without the token: 401');
  });

  test('why it does not', () => {
    expect(details([], endpointDown(502, 'HTTP 502')).join('\n')).toContain('no answer to use: HTTP 502');
  });
});
