import secretMismatch from '../../../src/rules/credentials/secret-mismatch.ts';
import { credential, nowSeconds, staticUser } from '../../support/credential.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import { allocated, allocateFailed, challenged, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const realm = 'turn.example.org';
const refusedAgain = { ...errorResponse(401), afterChallenge: true };
const refusal = allocateFailed(refusedAgain, { realm });
const own = credential({ origin: 'configuration', username: `${nowSeconds + 3600}:turnctl` });

const configFile = {
  ...{ path: '/etc/turnserver.conf', owner: 'root', group: 'turnserver', mode: 0o640 },
  readableByService: true,
};

ruleTester(secretMismatch, {
  passes: [
    { name: 'the credential is taken', facts: deployment },
    {
      name: '486 after the challenge: it was taken too',
      facts: deployment.seeing(allocateFailed({ ...errorResponse(486), afterChallenge: true }, { realm })),
    },
    {
      name: 'an empty realm is a fault of its own',
      facts: deployment.seeing(allocateFailed(refusedAgain, { realm: '' })),
    },
    {
      name: 'the same address takes and refuses it: two instances, not two secrets',
      facts: deployment.seeing(refusal, allocated()),
    },
  ],
  fails: [
    {
      name: 'the application signs with another secret',
      facts: deployment.with(credential()).seeing(refusal),
      message: 'https://app.example.org/turn signs with another secret than the server has',
      evidence: `401 again after the credential of 1769864400:alice was sent to 203.0.113.10:3478/udp, realm "${realm}"`,
      line: 9,
      severity: 'error',
    },
    {
      name: 'a secret file, without access to the host',
      facts: wireAlone.with(credential({ origin: 'secret-file' })).seeing(refusal),
      message: 'The secret given is not the secret of the server',
    },
    {
      name: 'the secret of the file, which changed after the start',
      facts: deployment
        .with(own)
        .with({
          configFile: { ...configFile, modifiedAt: '2026-01-31T11:00:00.000Z' },
        })
        .seeingFromHost(refusal),
      message:
        /the file changed at 2026-01-31T11:00:00\.000Z, and coturn runs since 2026-01-31T08:00:00\.000Z/,
      remedy: /systemctl restart coturn\.service/,
    },
    {
      name: 'the secret of the file, which was written within the second of the start',
      facts: deployment
        .with(own)
        .with({ configFile: { ...configFile, modifiedAt: '2026-01-31T08:00:00.988Z' } })
        .seeingFromHost(refusal),
      message: /what answers there does not run with this file/,
    },
    {
      name: 'the secret of the file, which is older than the process',
      facts: deployment.with(own).seeingFromHost(refusal),
      message: /what answers there does not run with this file/,
    },
    {
      name: 'one of two addresses',
      facts: deployment
        .with(credential())
        .seeing(allocated(), allocateFailed(refusedAgain, { realm, ip: '203.0.113.11' })),
      message: /^One address of the server refuses/,
      evidence: /203\.0\.113\.11:3478/,
    },
    {
      name: 'a static user while use-auth-secret is on',
      facts: deployment.with(staticUser).seeing(refusal),
      message: /with use-auth-secret no static user is looked up/,
    },
    {
      name: 'a static user with a wrong password',
      facts: wireAlone.with(staticUser).seeing(refusal),
      message: /refuses user alice: it does not know the user, or the password or the realm differs/,
    },
  ],
  skips: [
    {
      name: 'the credential has expired',
      facts: deployment
        .with(credential({ username: `${nowSeconds - 60}:alice`, expiresAt: nowSeconds - 60 }))
        .seeing(refusal),
      reason: /expired/,
    },
    {
      name: 'the credential is malformed',
      facts: deployment.with(credential({ passwordForm: 'hex-sha1' })).seeing(refusal),
      reason: /encoding/,
    },
    { name: 'no credential was sent', facts: deployment.seeing(challenged(realm)) },
  ],
});
