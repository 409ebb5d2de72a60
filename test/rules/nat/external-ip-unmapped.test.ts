import rule from '../../../src/rules/nat/external-ip-unmapped.ts';
import { deployment, fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    {
      name: 'an address of relay-ip',
      facts: fileAlone.withConfig('relay-ip=10.0.0.5', 'external-ip=198.51.100.7/10.0.0.5'),
    },
    { name: 'plain', facts: fileAlone.adding('external-ip=198.51.100.7') },
    { name: 'reversed is another matter', facts: fileAlone.adding('external-ip=10.0.0.5/198.51.100.7') },
  ],
  fails: [
    {
      name: 'not in relay-ip',
      facts: fileAlone.withConfig('relay-ip=10.0.0.5', 'external-ip=198.51.100.7/10.0.0.6'),
      message: /no address 10\.0\.0\.6/,
      evidence: /relay-ip\): 10\.0\.0\.5/,
    },
    {
      name: 'not on the host',
      facts: deployment.withConfig('external-ip=198.51.100.7/10.0.0.6'),
      evidence: /of the host\): 203\.0\.113\.10/,
    },
  ],
  skips: [{ name: 'unknown addresses', facts: fileAlone.withConfig('external-ip=198.51.100.7/10.0.0.5') }],
});
