import rule from '../../../src/rules/auth/challenge-flood.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { complete } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const flooded = (challenged: number, validUserServed = true) =>
  wireAlone.seeing(complete('challenge-limit', { sent: 200, challenged, lastedMs: 1000, validUserServed }));

ruleTester(rule, {
  passes: [{ name: 'a limit that lets users through', facts: flooded(20) }],
  fails: [
    { name: 'no limit', facts: flooded(200), severity: 'info' },
    {
      name: 'a limit that shuts users out',
      facts: flooded(20, false),
      severity: 'error',
      message: /not served/,
    },
  ],
  skips: [{ name: 'not tried', facts: wireAlone, reason: /--rate-limit/ }],
});
