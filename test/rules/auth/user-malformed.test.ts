import rule from '../../../src/rules/auth/user-malformed.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'name and password', facts: fileAlone.withConfig('user=alice:p:w') },
    { name: 'a template', facts: fileAlone.withConfig('user={{ user }}:{{ password }}') },
  ],
  fails: [
    { name: 'no password', facts: fileAlone.withConfig('user=alice'), message: /has no password/ },
    { name: 'an empty password', facts: fileAlone.withConfig('user=alice:'), message: /empty password/ },
    { name: 'no name', facts: fileAlone.withConfig('user=:pw'), message: /has no name/ },
    { name: 'nothing', facts: fileAlone.withConfig('user='), message: /is empty/ },
  ],
});
