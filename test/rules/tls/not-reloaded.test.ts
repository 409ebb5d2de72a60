import notReloaded from '../../../src/rules/tls/not-reloaded.ts';
import { deployment } from '../../support/facts-builder.ts';
import { handshake, handshakeFailed, refused, servedCertificate } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { tlsFiles } from '../../support/tls-files.ts';

const old = handshake({
  certificate: { ...servedCertificate, notAfter: '2026-02-05T00:00:00.000Z', fingerprint256: 'CC:DD' },
});
const renewed = { modifiedAt: '2026-01-31T10:00:00.000Z' };

ruleTester(notReloaded, {
  passes: [{ name: 'the served one is the one in the file', facts: deployment.seeing(handshake()) }],
  fails: [
    {
      name: 'renewed after the start, and only SIGHUP was sent',
      facts: deployment.with(tlsFiles({ certificateFile: renewed })).seeing(old),
      message:
        '203.0.113.10:5349/tls serves an older certificate than /etc/coturn/turn.pem, which changed on 2026-01-31T10:00:00.000Z while coturn runs since 2026-01-31T08:00:00.000Z',
      evidence: /served: until 2026-02-05.*CC:DD; file: until 2026-04-01.*AA:BB/,
      remedy: /systemctl kill -s USR2 coturn\.service/,
      severity: 'error',
    },
    {
      name: 'a key that the user of the service cannot read needs a restart',
      facts: deployment
        .with(tlsFiles({ certificateFile: renewed, keyFile: { readableByService: false } }))
        .seeing(old),
      remedy: /systemctl restart coturn\.service/,
    },
    {
      name: 'the file is older than the process: something else answers',
      facts: deployment.seeing(old),
      message: /serves another certificate than \/etc\/coturn\/turn\.pem: something in front/,
      remedy: /ss -lntp/,
    },
  ],
  skips: [{ name: 'no handshake', facts: deployment.seeing(handshakeFailed(refused)) }],
});
