import rule from '../../../src/rules/config/line-endings.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'LF', facts: fileAlone },
    { name: 'CR LF', facts: fileAlone.withConfig('realm=a.example\r', 'verbose\r') },
  ],
  fails: [
    { name: 'CR alone', facts: fileAlone.withConfig('realm=a.example\rverbose\rno-tls'), count: 1, line: 1 },
  ],
});
