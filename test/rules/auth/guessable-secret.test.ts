import rule from '../../../src/rules/auth/guessable-secret.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { authenticated } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const guessed = (...accepted: string[]) =>
  wireAlone.seeing(authenticated({ guessed: { tried: 43, accepted } }));

ruleTester(rule, {
  passes: [{ name: 'none is taken', facts: guessed() }],
  fails: [
    {
      name: 'a published one is taken',
      facts: guessed('a published secret'),
      message: '203.0.113.10:3478/udp takes a published secret',
      evidence: '43 secrets tried',
      severity: 'error',
    },
  ],
  skips: [
    { name: 'nothing was guessed', facts: wireAlone.seeing(authenticated()), reason: '--weak-secrets' },
  ],
});
