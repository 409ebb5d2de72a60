import rule from '../../../src/rules/relay/port-range-syntax.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [{ name: 'two options', facts: fileAlone }],
  fails: [
    {
      name: 'a dash',
      facts: fileAlone.withConfig('min-port=50000-50100'),
      message: /reads min-port=50000 and nothing else/,
      remedy: /min-port=50000 and max-port=50100/,
    },
    {
      name: 'a dash, fatal later',
      facts: fileAlone.withConfig('min-port=50000-50100').asVersion('4.13.0'),
      message: /exits/,
    },
    { name: 'a colon', facts: fileAlone.withConfig('max-port=50000:50100') },
  ],
});
