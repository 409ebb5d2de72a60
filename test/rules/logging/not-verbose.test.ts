import rule from '../../../src/rules/logging/not-verbose.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'verbose', facts: fileAlone },
    { name: 'Verbose', facts: fileAlone.withConfig('Verbose') },
  ],
  fails: [
    { name: 'no line', facts: fileAlone.removing('verbose'), severity: 'info', evidence: /no verbose line/ },
    { name: 'switched off', facts: fileAlone.withConfig('verbose=0'), line: 1 },
  ],
});
