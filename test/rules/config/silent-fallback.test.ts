import rule from '../../../src/rules/config/silent-fallback.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'plain numbers', facts: fileAlone.adding('total-quota=100', 'stale-nonce=600', 'max-bps= 0') },
    { name: 'a later line decides', facts: fileAlone.adding('total-quota=abc', 'total-quota=100') },
    { name: 'an empty value is another matter', facts: fileAlone.adding('total-quota=') },
  ],
  fails: [
    {
      name: 'a word for a limit',
      facts: fileAlone.adding('total-quota=abc'),
      message: /0: no limit/,
      severity: 'warning',
    },
    { name: 'a word for a time', facts: fileAlone.adding('stale-nonce=abc'), message: /never expires/ },
    {
      name: 'a unit on a rate',
      facts: fileAlone.adding('max-bps=1M'),
      message: /as 1 byte per second/,
      severity: 'error',
    },
    { name: 'a unit on a time', facts: fileAlone.adding('max-allocate-lifetime=1h'), message: /as 1 second/ },
    {
      name: 'an unknown word',
      facts: fileAlone.adding('allocation-default-address-family=IPv5'),
      message: /ignores/,
    },
  ],
});
