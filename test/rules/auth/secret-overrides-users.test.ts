import rule from '../../../src/rules/auth/secret-overrides-users.ts';
import { fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { authenticated, tried } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const time = { label: 'the secret of a file', kind: 'time-limited', ...tried('accepted') } as const;
const alice = (answer: 'accepted' | number) => ({
  label: 'user alice',
  kind: 'static' as const,
  ...tried(answer),
});

ruleTester(rule, {
  passes: [
    {
      name: 'both are taken on the wire',
      facts: wireAlone.seeing(authenticated({ given: [time, alice('accepted')] })),
    },
    { name: 'no static users', facts: fileAlone },
    { name: 'no secret', facts: fileAlone.withConfig('lt-cred-mech', 'user=alice:pw') },
  ],
  fails: [
    {
      name: 'the user is refused on the wire, the secret is not',
      facts: wireAlone.seeing(authenticated({ given: [time, alice(401)] })),
      message: '203.0.113.10:3478/udp takes time-limited credentials and refuses user alice',
    },
    { name: 'both', facts: fileAlone.adding('user=alice:pw', 'user=bob:pw'), message: /2 user lines/ },
    {
      name: 'switched on by false',
      facts: fileAlone.withConfig('use-auth-secret=false', 'user=alice:pw'),
      message: /1 user line/,
      line: 1,
    },
    {
      name: 'a secret alone',
      facts: fileAlone.withConfig('static-auth-secret=abc', 'user=alice:pw'),
      option: 'static-auth-secret',
    },
  ],
  skips: [{ name: 'a secret alone on the wire', facts: wireAlone.seeing(authenticated()), reason: '--user' }],
});
