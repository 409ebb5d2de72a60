import rule from '../../../src/rules/nat/external-ip-private.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a public address', facts: fileAlone.adding('external-ip=198.51.100.7') },
    { name: 'reversed is another matter', facts: fileAlone.adding('external-ip=10.0.0.5/198.51.100.7') },
  ],
  fails: [
    {
      name: 'loopback',
      facts: fileAlone.adding('external-ip=127.0.0.1'),
      message: /no peer can reach/,
      severity: 'error',
    },
    { name: 'private', facts: fileAlone.adding('external-ip=192.168.1.5/172.17.0.2'), severity: 'info' },
  ],
});
