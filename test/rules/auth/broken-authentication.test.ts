import rule from '../../../src/rules/auth/broken-authentication.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { authenticated, authenticationFailed, binding, silence, tried } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [{ name: 'everything wrong is refused', facts: wireAlone.seeing(authenticated()) }],
  fails: [
    {
      name: 'a wrong password is taken',
      facts: wireAlone.seeing(
        authenticated({
          wrong: [
            { kind: 'wrong-password', ...tried('accepted') },
            { kind: 'expired', ...tried(401) },
          ],
        }),
      ),
      message: /203\.0\.113\.10:3478\/udp accepts a wrong password$/,
      evidence: 'wrong-password: accepted, expired: 401',
      severity: 'error',
    },
    {
      name: 'nobody is asked',
      facts: wireAlone.seeing(authenticationFailed({ outcome: 'unchallenged' })),
      message: 'without any credentials',
    },
  ],
  skips: [
    { name: 'not tried', facts: wireAlone.seeing(binding()), reason: 'turnctl probe auth' },
    { name: 'no answer', facts: wireAlone.seeing(authenticationFailed(silence)), reason: 'not tried' },
  ],
});
