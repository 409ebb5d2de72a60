import rule from '../../../src/rules/logging/date-suffix.ts';
import { deployment, fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'simple-log', facts: fileAlone },
    { name: 'to standard output', facts: fileAlone.withConfig('log-file=stdout') },
    { name: 'no file asked for', facts: fileAlone.withConfig('verbose') },
  ],
  fails: [
    {
      name: 'a file',
      facts: fileAlone.withConfig('log-file=/var/log/turn.log'),
      message: /turn_YYYY-MM-DD\.log/,
      severity: 'info',
    },
    {
      name: 'the open file is known',
      facts: deployment.removing('simple-log').with({
        log: {
          destination: 'file',
          configured: '/var/log/turn.log',
          actual: '/var/log/turn_2026-01-31.log',
          folderWritable: true,
        },
      }),
      message: /turn_2026-01-31\.log/,
    },
  ],
});
