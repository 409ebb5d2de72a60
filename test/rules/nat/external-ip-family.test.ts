import rule from '../../../src/rules/nat/external-ip-family.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const dualStack = deployment.removing('listening-ip', 'relay-ip').with({
  addresses: [
    { interface: 'eth0', ip: '10.0.0.5', prefixLength: 24, scope: 'global' },
    { interface: 'eth0', ip: '2001:db8::5', prefixLength: 64, scope: 'global' },
    { interface: 'eth0', ip: 'fe80::5', prefixLength: 64, scope: 'link' },
  ],
});

ruleTester(rule, {
  passes: [
    { name: 'one family', facts: deployment.adding('external-ip=198.51.100.7') },
    { name: 'a pair', facts: dualStack.adding('external-ip=198.51.100.7/10.0.0.5') },
    {
      name: 'each for its own since 4.18.0',
      facts: dualStack.adding('external-ip=198.51.100.7').asVersion('4.18.0'),
    },
    {
      name: 'relay-ip of one family',
      facts: dualStack.adding('external-ip=198.51.100.7', 'relay-ip=10.0.0.5'),
    },
  ],
  fails: [
    {
      name: 'a plain one beside IPv6',
      facts: dualStack.adding('external-ip=198.51.100.7'),
      message: /for the IPv6 relay addresses too/,
      evidence: /2001:db8::5$/,
      severity: 'warning',
    },
  ],
  skips: [
    { name: 'unknown addresses', facts: dualStack.adding('external-ip=198.51.100.7').without('addresses') },
  ],
});
