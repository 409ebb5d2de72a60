import rule from '../../../src/rules/relay/port-range-invalid.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'ports', facts: fileAlone },
    { name: 'with a sign or zeros in front', facts: fileAlone.adding('min-port=+50000', 'max-port=050200') },
    { name: 'a range is another matter', facts: fileAlone.adding('min-port=50000-50100') },
  ],
  fails: [
    {
      name: 'too large',
      facts: fileAlone.adding('max-port=70000'),
      message: /reads 4464/,
      severity: 'error',
    },
    {
      name: 'a tail',
      facts: fileAlone.adding('min-port=49152-'),
      message: /4\.13\.0 and later exit/,
      severity: 'warning',
    },
    {
      name: 'a tail, fatal later',
      facts: fileAlone.adding('min-port=49152-').asVersion('4.13.0'),
      message: /exits/,
      severity: 'error',
    },
    {
      name: 'from zero',
      facts: fileAlone.adding('min-port=0'),
      message: /below 1024/,
      severity: 'warning',
    },
    { name: 'a word', facts: fileAlone.adding('min-port=high'), message: /reads 0/ },
  ],
});
