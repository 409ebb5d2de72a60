import rule from '../../../src/rules/nat/external-ip-empty.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'none', facts: fileAlone },
    { name: 'an address', facts: fileAlone.adding('external-ip=198.51.100.7') },
  ],
  fails: [
    { name: 'empty', facts: fileAlone.adding('external-ip='), message: /0\.0\.0\.0/, option: 'external-ip' },
  ],
});
