import certificateExpired from '../../../src/rules/tls/certificate-expired.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import { handshake, servedCertificate } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { tlsFiles } from '../../support/tls-files.ts';

const notAfter = '2026-01-30T12:00:00.000Z';

ruleTester(certificateExpired, {
  passes: [{ name: 'in date, in the file and on the wire', facts: deployment.seeing(handshake()) }],
  fails: [
    {
      name: 'in the file',
      facts: deployment.with(tlsFiles({ certificate: { notAfter } })),
      message: 'The certificate in /etc/coturn/turn.pem expired on 2026-01-30',
      evidence: `notAfter=${notAfter}, subject CN=turn.example.org`,
      severity: 'error',
    },
    {
      name: 'on the wire',
      facts: wireAlone.seeing(handshake({ certificate: { ...servedCertificate, notAfter } })),
      message: 'The certificate on 203.0.113.10:5349/tls expired on 2026-01-30',
    },
    {
      name: 'the same in both counts once',
      facts: deployment
        .with(tlsFiles({ certificate: { notAfter } }))
        .seeing(handshake({ certificate: { ...servedCertificate, notAfter } })),
      count: 1,
    },
  ],
  skips: [{ name: 'no certificate seen', facts: wireAlone }],
});
