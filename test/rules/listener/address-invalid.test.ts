import rule from '../../../src/rules/listener/address-invalid.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'addresses', facts: fileAlone },
    { name: 'a name with a dot', facts: fileAlone.adding('relay-ip=turn.example.org') },
    { name: 'every address', facts: fileAlone.withConfig('listening-ip=0.0.0.0', 'listening-ip=::') },
  ],
  fails: [
    { name: 'a placeholder', facts: fileAlone.adding('listening-ip=YOUR_ADDR'), severity: 'error' },
    { name: 'a prefix', facts: fileAlone.adding('listening-ip=192.0.2.1/24') },
    {
      name: 'a word',
      facts: fileAlone.adding('relay-ip=auto'),
      message: /unless this host resolves it/,
      severity: 'warning',
    },
  ],
});
