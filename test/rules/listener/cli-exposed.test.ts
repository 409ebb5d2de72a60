import rule from '../../../src/rules/listener/cli-exposed.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const cli = fileAlone.removing('no-cli').adding('cli-password=Vb2mZk0sXe9R');

ruleTester(rule, {
  passes: [
    { name: 'no CLI', facts: fileAlone.adding('cli-ip=0.0.0.0', 'cli-password=Vb2mZk0sXe9R') },
    { name: 'the default address', facts: cli },
    { name: 'IPv6 loopback', facts: cli.adding('cli-ip=::1') },
    { name: 'no password, no CLI', facts: fileAlone.removing('no-cli').adding('cli-ip=0.0.0.0') },
    { name: 'a version that must be asked', facts: cli.adding('cli-ip=0.0.0.0').asVersion('4.18.0') },
  ],
  fails: [
    {
      name: 'every address',
      facts: cli.adding('cli-ip=0.0.0.0'),
      severity: 'warning',
      message: /listens on 0\.0\.0\.0, port 5766/,
      option: 'cli-ip',
    },
    { name: 'asked for', facts: cli.adding('cli-ip=203.0.113.10', 'cli').asVersion('4.18.0') },
  ],
});
