import keyMismatch from '../../../src/rules/tls/key-mismatch.ts';
import { deployment } from '../../support/facts-builder.ts';
import { handshakeFailed } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { tlsFiles } from '../../support/tls-files.ts';

const mismatch = deployment.with(tlsFiles({ key: { matchesCertificate: false } }));

ruleTester(keyMismatch, {
  passes: [{ name: 'one pair', facts: deployment }],
  fails: [
    {
      name: 'two halves of different pairs',
      facts: mismatch,
      message: '/etc/coturn/turn.key is not the key of /etc/coturn/turn.pem',
      evidence: 'their public keys differ',
      option: 'pkey',
      line: 11,
    },
    {
      name: 'with the alert as seen on the wire',
      facts: mismatch.seeing(
        handshakeFailed({ outcome: 'tls-failed', error: 'sslv3 alert handshake failure (alert 40)' }),
      ),
      evidence: /203\.0\.113\.10:5349\/tls: TLS handshake: tls-failed .*alert 40/,
    },
  ],
  skips: [
    {
      name: 'the key could not be read',
      facts: deployment.with(tlsFiles({ key: { matchesCertificate: null } })),
    },
    { name: 'TLS is off', facts: mismatch.adding('no-tls') },
  ],
});
