import rule from '../../../src/rules/config/deprecated-option.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'not yet', facts: fileAlone },
    { name: 'already gone is another matter', facts: fileAlone.adding('prod').asVersion('4.7.0') },
  ],
  fails: [
    {
      name: 'no-cli since 4.10.0',
      facts: fileAlone.asVersion('4.10.0'),
      message: /no-cli is deprecated since coturn 4\.10\.0 \(the CLI is off/,
      severity: 'info',
      remedy: 'Delete the line.',
    },
    {
      name: 'a new name',
      facts: fileAlone.adding('keep-address-family'),
      remedy: 'Write allocation-default-address-family=keep.',
    },
  ],
});
