import unwritable from '../../../src/rules/logging/unwritable.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const log = {
  destination: 'file' as const,
  configured: '/var/log/turnserver/turn.log',
  actual: '/var/tmp/turn_4711_2026-01-31.log',
  folderWritable: false,
};

ruleTester(unwritable, {
  passes: [
    { name: 'the folder is writable', facts: deployment },
    {
      name: 'no log-file is asked for',
      facts: deployment.with({ log: { ...log, configured: null, folderWritable: null } }),
    },
  ],
  fails: [
    {
      name: 'the folder is missing, and the log is in a private /tmp',
      facts: deployment.with({ log }),
      message:
        /^log-file=\/var\/log\/turnserver\/turn\.log cannot be written: \/var\/log\/turnserver is missing/,
      evidence: 'the log goes to /var/tmp/turn_4711_2026-01-31.log, inside the PrivateTmp of coturn.service',
      remedy:
        'Run install -d -o turnserver -g turnserver /var/log/turnserver, then systemctl restart coturn.service.',
      severity: 'warning',
      option: 'log-file',
    },
    {
      name: 'it goes nowhere',
      facts: deployment.with({ log: { ...log, actual: null, destination: 'nowhere' } }),
      evidence: 'the log goes to nowhere',
    },
  ],
  skips: [{ name: 'not known', facts: deployment.with({ log: { ...log, folderWritable: null } }) }],
});
