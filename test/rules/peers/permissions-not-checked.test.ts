import rule from '../../../src/rules/peers/permissions-not-checked.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'not set', facts: fileAlone },
    { name: 'switched off', facts: fileAlone.adding('server-relay=no') },
  ],
  fails: [
    {
      name: 'server-relay',
      facts: fileAlone.adding('server-relay'),
      severity: 'warning',
      option: 'server-relay',
    },
  ],
});
