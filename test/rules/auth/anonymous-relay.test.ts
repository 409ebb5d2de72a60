import rule from '../../../src/rules/auth/anonymous-relay.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocated, allocateFailed, silence } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a shared secret', facts: fileAlone },
    { name: 'static users alone', facts: fileAlone.withConfig('user=alice:pw', 'realm=a.example') },
    { name: 'lt-cred-mech with a database', facts: fileAlone.withConfig('lt-cred-mech') },
    { name: 'a challenge on the wire', facts: wireAlone },
  ],
  fails: [
    {
      name: 'nothing',
      facts: fileAlone.withConfig('realm=a.example'),
      message: /neither lt-cred-mech/,
      severity: 'error',
    },
    { name: 'no-auth', facts: fileAlone.withConfig('no-auth'), line: 1, option: 'no-auth' },
    {
      name: 'a misspelt secret',
      facts: fileAlone.withConfig('realm=a.example', 'static_auth_secret=abc'),
      message: /"static_auth_secret", so static-auth-secret is not set/,
      line: 2,
    },
    {
      name: 'a mechanism switched off',
      facts: fileAlone.withConfig('lt-cred-mech=0'),
      evidence: /lt-cred-mech=0/,
    },
    {
      name: 'on the wire',
      facts: wireAlone.seeing(allocated({ challenged: false })),
      message: /without credentials/,
      evidence: /203\.0\.113\.10:3478\/udp: .* got 203\.0\.113\.10:50123/,
    },
    {
      name: 'in a file that is not in force yet',
      facts: deployment.withConfig('no-auth'),
      evidence: /changed after its start/,
    },
    {
      name: 'both, as one finding',
      facts: deployment.withConfig('no-auth').seeing(allocated({ challenged: false })),
      count: 1,
      evidence: /no-auth; .*got/,
    },
    {
      name: 'on the wire, with another file',
      facts: deployment.seeing(allocated({ challenged: false })),
      count: 1,
    },
  ],
  skips: [
    { name: 'no TURN', facts: fileAlone.withConfig('stun-only'), reason: /stun-only/ },
    { name: 'no answer', facts: wireAlone.seeing(allocateFailed(silence)) },
  ],
});
