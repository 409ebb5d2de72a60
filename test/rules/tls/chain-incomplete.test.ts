import chainIncomplete from '../../../src/rules/tls/chain-incomplete.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import { handshake, handshakeFailed, refused, servedCertificate } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { tlsFiles } from '../../support/tls-files.ts';

const alone = handshake({
  untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  certificate: { ...servedCertificate, issuer: "C=US, O=Let's Encrypt, CN=R11", chainLength: 1 },
});

ruleTester(chainIncomplete, {
  passes: [
    { name: 'a chain of two', facts: wireAlone.seeing(handshake()) },
    {
      name: 'an authority of one’s own, whose root nobody knows',
      facts: wireAlone.seeing(
        handshake({
          untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
          certificate: { ...servedCertificate, chainLength: 1 },
        }),
      ),
    },
  ],
  fails: [
    {
      name: 'the certificate of a public authority, without the intermediate',
      facts: wireAlone.seeing(alone),
      message: /sends the certificate of CN=turn\.example\.org without the intermediate .*CN=R11/,
      severity: 'error',
    },
    {
      name: 'cert.pem instead of fullchain.pem',
      facts: deployment
        .with(tlsFiles({ certificateFile: { path: '/etc/coturn/tls/cert.pem' } }))
        .seeing(alone),
      remedy: 'Set cert=/etc/coturn/tls/fullchain.pem, then systemctl restart coturn.service.',
    },
  ],
  skips: [{ name: 'no handshake', facts: wireAlone.seeing(handshakeFailed(refused)) }],
});
