import certificateExpiresSoon from '../../../src/rules/tls/certificate-expires-soon.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { tlsFiles } from '../../support/tls-files.ts';

const lasting = (notBefore: string, notAfter: string) =>
  deployment.with(tlsFiles({ certificate: { notBefore, notAfter } }));

ruleTester(certificateExpiresSoon, {
  passes: [
    { name: 'two months left', facts: deployment },
    {
      name: 'expired, which has a rule of its own',
      facts: lasting('2025-11-01T00:00:00Z', '2026-01-30T00:00:00Z'),
    },
    { name: 'three of six days left', facts: lasting('2026-01-28T12:00:00Z', '2026-02-03T12:00:00Z') },
  ],
  fails: [
    {
      name: 'nine of ninety days left',
      facts: lasting('2025-11-11T12:00:00Z', '2026-02-09T12:00:00Z'),
      message: 'The certificate in /etc/coturn/turn.pem expires in 9 days, on 2026-02-09',
      severity: 'warning',
    },
  ],
  skips: [{ name: 'no certificate seen', facts: wireAlone }],
});
