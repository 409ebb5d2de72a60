import rule from '../../../src/rules/config/refused-value.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'none', facts: fileAlone },
    { name: 'within the limits', facts: fileAlone.adding('multiplex-peer-port=3480').asVersion('4.12.0') },
  ],
  fails: [
    {
      name: 'version in a file',
      facts: fileAlone.adding('version'),
      message: /command line only/,
      severity: 'error',
    },
    {
      name: 'above the limit',
      facts: fileAlone.adding('multiplex-peer-port=65001').asVersion('4.12.0'),
      message: /65000/,
    },
  ],
});
