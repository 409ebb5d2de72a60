import rule from '../../../src/rules/logging/syslog-wins.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a file alone', facts: fileAlone },
    { name: 'syslog alone', facts: fileAlone.withConfig('syslog') },
    { name: 'syslog switched off', facts: fileAlone.adding('syslog=0') },
  ],
  fails: [
    {
      name: 'both',
      facts: fileAlone.adding('syslog'),
      severity: 'info',
      option: 'log-file',
      evidence: /syslog; line/,
    },
  ],
});
