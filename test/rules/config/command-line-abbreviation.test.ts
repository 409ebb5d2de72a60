import { parseArguments } from '../../../src/config/parse-arguments.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import rule from '../../../src/rules/config/command-line-abbreviation.ts';
import { configPath, fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const withArguments = (...argv: string[]) =>
  fileAlone.asVersion('4.7.0').with({
    config: readConfig(new TextEncoder().encode('realm=a.example\n'), {
      path: configPath,
      foundBy: 'unit',
      args: parseArguments(['turnserver', ...argv], '4.7.0'),
    }),
  });

ruleTester(rule, {
  passes: [
    { name: 'a file', facts: fileAlone },
    { name: 'whole names', facts: withArguments('--no-tlsv1_2', '--min-port=50000', '-v') },
  ],
  fails: [
    {
      name: 'TLS 1.2 by accident',
      facts: withArguments('--no-tlsv1'),
      message: '--no-tlsv1 for --no-tlsv1_2',
      severity: 'error',
    },
    {
      name: 'a beginning',
      facts: withArguments('--min-p=50000'),
      message: '--min-p for --min-port',
      severity: 'warning',
    },
  ],
});
