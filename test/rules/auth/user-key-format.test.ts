import rule from '../../../src/rules/auth/user-key-format.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a password', facts: fileAlone.withConfig('user=alice:pw', 'user=bob:a0xb') },
    { name: 'a key', facts: fileAlone.withConfig('user=alice:0xbc807ee29df3c9ffa736523fb2c4e8ee') },
  ],
  fails: [
    {
      name: 'a password like a key',
      facts: fileAlone.withConfig('user=alice:0xtreme'),
      message: /alice starts with 0x.* 5 digits/,
    },
  ],
});
