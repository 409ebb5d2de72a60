import rule from '../../../src/rules/config/exclusive-options.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'one mechanism', facts: fileAlone },
    { name: 'no-auth switched off', facts: fileAlone.adding('no-auth=0') },
    {
      name: 'loopback peers beside a CLI with a password',
      facts: fileAlone.withConfig('allow-loopback-peers', 'cli-password=x'),
    },
    {
      name: 'loopback peers in 4.10.0, without CLI',
      facts: fileAlone.withConfig('allow-loopback-peers').asVersion('4.10.0'),
    },
  ],
  fails: [
    {
      name: 'no-auth and lt-cred-mech',
      facts: fileAlone.withConfig('lt-cred-mech', 'no-auth'),
      message: /no-auth and lt-cred-mech/,
      line: 2,
    },
    { name: 'no-auth and a secret', facts: fileAlone.adding('no-auth') },
    {
      name: 'nothing to relay',
      facts: fileAlone.adding('no-udp-relay', 'no-tcp-relay'),
      remedy: /Delete no-udp-relay/,
    },
    {
      name: 'loopback peers beside an open CLI',
      facts: fileAlone.withConfig('allow-loopback-peers'),
      message: /cli-password/,
    },
  ],
});
