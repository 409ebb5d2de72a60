import rule from '../../../src/rules/nat/external-ip-invalid.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'an address', facts: fileAlone.adding('external-ip=198.51.100.7') },
    { name: 'a pair', facts: fileAlone.adding('external-ip=198.51.100.7/10.0.0.5') },
    { name: 'a name', facts: fileAlone.adding('external-ip=turn.example.org') },
    { name: 'a template', facts: fileAlone.adding('external-ip={{ ip }}') },
  ],
  fails: [
    {
      name: 'a shell command',
      facts: fileAlone.adding('external-ip=$(detect-external-ip)'),
      message: /runs no commands/,
    },
    { name: 'a variable', facts: fileAlone.adding('external-ip=$IP'), message: /replaces no variables/ },
    { name: 'a port', facts: fileAlone.adding('external-ip=198.51.100.7:3478'), message: /no port/ },
    { name: 'a prefix', facts: fileAlone.adding('external-ip=198.51.100.7/24'), message: /prefix length/ },
    { name: 'a placeholder', facts: fileAlone.adding('external-ip=YOUR_PUBLIC_IP') },
    { name: 'x.x.x.x', facts: fileAlone.adding('external-ip=x.x.x.x') },
  ],
});
