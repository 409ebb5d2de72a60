import rule from '../../../src/rules/listener/server-address-invalid.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'no such line', facts: fileAlone },
    { name: 'an address and a port', facts: fileAlone.adding('alternate-server=192.0.2.1:3479') },
    { name: 'an address alone', facts: fileAlone.adding('aux-server=192.0.2.1') },
    { name: 'IPv6 in brackets', facts: fileAlone.adding('tls-alternate-server=[2001:db8::1]:443') },
    { name: 'IPv6 without', facts: fileAlone.adding('alternate-server=2001:db8::1') },
    { name: 'a name', facts: fileAlone.adding('alternate-server=turn2.example.org:3478') },
    { name: 'an option of a later release', facts: fileAlone.adding('udp-alternate-server=x y') },
    { name: 'a template', facts: fileAlone.adding('alternate-server={{ other }}') },
  ],
  fails: [
    { name: 'nothing', facts: fileAlone.adding('alternate-server='), message: /0\.0\.0\.0/ },
    { name: 'no address', facts: fileAlone.adding('tls-alternate-server=a b'), message: /drops/ },
    {
      name: 'a placeholder',
      facts: fileAlone.adding('alternate-server=YOUR_SERVER:3478'),
      severity: 'error',
    },
    // Both as coturn 4.6.1 and 4.18.0 print them at start.
    {
      name: 'a port that is too high',
      facts: fileAlone.adding('alternate-server=192.0.2.1:99999'),
      message: /reads 34463/,
      severity: 'warning',
    },
    { name: 'a word for a port', facts: fileAlone.adding('aux-server=[::1]:abc'), message: /reads 3478/ },
  ],
});
