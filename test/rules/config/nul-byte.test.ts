import rule from '../../../src/rules/config/nul-byte.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [{ name: 'none', facts: fileAlone }],
  fails: [{ name: 'in a value', facts: fileAlone.adding('realm=a\u0000b'), message: /column 8/ }],
});
