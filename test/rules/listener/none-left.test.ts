import rule from '../../../src/rules/listener/none-left.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'as by default', facts: fileAlone },
    { name: 'TCP is left', facts: fileAlone.withConfig('no-udp') },
    { name: 'TLS is left', facts: fileAlone.withConfig('no-udp', 'no-tcp', 'cert=/c.pem', 'pkey=/k.pem') },
  ],
  fails: [
    { name: 'nothing is left', facts: fileAlone.withConfig('no-udp', 'no-tcp'), severity: 'error' },
    {
      name: 'TLS is off too',
      facts: fileAlone.withConfig('no-udp', 'no-tcp', 'no-tls', 'no-dtls', 'cert=/c.pem', 'pkey=/k.pem'),
    },
  ],
});
