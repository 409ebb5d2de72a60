import rule from '../../../src/rules/auth/realm-missing.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { binding, challenged } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a realm', facts: fileAlone },
    { name: 'nobody logs in', facts: fileAlone.withConfig('no-auth') },
    { name: 'the running server has one all the same', facts: deployment.removing('realm') },
    { name: 'a realm on the wire', facts: wireAlone },
  ],
  fails: [
    {
      name: 'no line',
      facts: fileAlone.removing('realm'),
      message: /time-limited credentials/,
      evidence: /no realm line/,
    },
    { name: 'an empty one', facts: fileAlone.withConfig('user=a:b', 'realm='), line: 2 },
    {
      name: 'a misspelt one',
      facts: fileAlone.withConfig('user=a:b', 'Realm=x.example'),
      line: 2,
      evidence: /Realm=/,
    },
    { name: 'on the wire', facts: wireAlone.seeing(challenged('')), message: /empty realm/ },
  ],
  skips: [{ name: 'no challenge', facts: wireAlone.seeing(binding()) }],
});
