import untrusted from '../../../src/rules/tls/untrusted.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { handshake, handshakeFailed, refused, servedCertificate } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(untrusted, {
  passes: [
    { name: 'trusted', facts: wireAlone.seeing(handshake()) },
    {
      name: 'expired, which has a rule of its own',
      facts: wireAlone.seeing(handshake({ untrusted: 'CERT_HAS_EXPIRED' })),
    },
  ],
  fails: [
    {
      name: 'self-signed',
      facts: wireAlone.seeing(
        handshake({
          untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT',
          certificate: { ...servedCertificate, issuer: 'CN=turn.example.org', chainLength: 1 },
        }),
      ),
      message: /is not trusted: it, or the root it brings along, is self-signed/,
      evidence: /DEPTH_ZERO_SELF_SIGNED_CERT; subject CN=turn\.example\.org/,
      severity: 'error',
    },
    {
      name: 'an authority of one’s own',
      facts: wireAlone.seeing(handshake({ untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })),
      message: /nothing leads from CN=Example CA to a known root/,
    },
    {
      name: 'not valid yet',
      facts: wireAlone.seeing(handshake({ untrusted: 'CERT_NOT_YET_VALID' })),
      message: /is not valid before 2026-01-01/,
      remedy: /clocks/,
    },
  ],
  skips: [{ name: 'no handshake', facts: wireAlone.seeing(handshakeFailed(refused)) }],
});
