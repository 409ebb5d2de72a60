import rule from '../../../src/rules/peers/loopback-allowed.ts';
import { fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { peerPolicy } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const dualStack = fileAlone.withConfig('relay-ip=203.0.113.10', 'relay-ip=2001:db8::5');

ruleTester(rule, {
  passes: [
    { name: 'not allowed', facts: fileAlone },
    {
      name: 'refused on the wire',
      facts: wireAlone.seeing(peerPolicy([{ ip: '127.0.0.1', kind: 'loopback', answer: 403 }])),
    },
    { name: 'IPv4 alone has no mapped addresses', facts: fileAlone.withConfig('relay-ip=203.0.113.10') },
    { name: 'mapped addresses are looked into since 4.13.0', facts: dualStack.asVersion('4.13.0') },
    {
      name: 'mapped addresses are denied',
      facts: dualStack.adding('denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255'),
    },
  ],
  fails: [
    {
      name: 'in the file',
      facts: fileAlone.adding('allow-loopback-peers'),
      option: 'allow-loopback-peers',
      severity: 'error',
    },
    {
      name: 'on the wire',
      facts: wireAlone.seeing(peerPolicy([{ ip: '127.0.0.1', kind: 'loopback', answer: 'allowed' }])),
      evidence: /CreatePermission for 127\.0\.0\.1 was granted/,
    },
    {
      name: 'as a mapped address on an IPv6 relay',
      facts: dualStack,
      message: /::ffff:127\.0\.0\.1/,
      severity: 'warning',
    },
  ],
  skips: [{ name: 'nothing was asked', facts: wireAlone }],
});
