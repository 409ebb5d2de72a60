import keyUnreadable from '../../../src/rules/tls/key-unreadable.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { tlsFiles } from '../../support/tls-files.ts';

const live = '/etc/letsencrypt/live/turn.example.org';

ruleTester(keyUnreadable, {
  passes: [
    { name: 'both are readable', facts: deployment },
    {
      name: 'the user is not known',
      facts: deployment.with(tlsFiles({ keyFile: { readableByService: null } })),
    },
  ],
  fails: [
    {
      name: "Let's Encrypt keeps its folders to root",
      facts: deployment
        .removing('pkey')
        .adding(`pkey=${live}/privkey.pem`)
        .with(
          tlsFiles({
            keyFile: {
              path: `${live}/privkey.pem`,
              readableByService: false,
              blockedAt: '/etc/letsencrypt/live',
            },
          }),
        ),
      message: `The private key ${live}/privkey.pem cannot be read by user turnserver, whom /etc/letsencrypt/live keeps out, so coturn opens no TLS port`,
      remedy: /renewal-hooks\/deploy.*-g turnserver \$RENEWED_LINEAGE.*systemctl restart coturn\.service/,
      option: 'pkey',
      severity: 'error',
      count: 1,
    },
    {
      name: 'a key of root, mode 0600',
      facts: deployment.with(tlsFiles({ keyFile: { readableByService: false } })),
      message: /\/etc\/coturn\/turn\.key cannot be read by user turnserver, so coturn/,
      remedy: /chgrp turnserver \/etc\/coturn\/turn\.key && chmod 0640/,
      line: 11,
    },
    {
      name: 'a certificate that does not exist',
      facts: deployment.with(tlsFiles({ certificateFile: { exists: false, readableByService: null } })),
      message: /^The certificate \/etc\/coturn\/turn\.pem does not exist/,
      evidence: /no such file/,
      remedy: /Correct the path/,
      option: 'cert',
    },
  ],
  skips: [
    {
      name: 'TLS is off',
      facts: deployment.adding('no-tls').with(tlsFiles({ keyFile: { readableByService: false } })),
    },
    { name: 'no files are known', facts: deployment.without('tlsFiles') },
  ],
});
