import rule from '../../../src/rules/config/build-dependent-option.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'options of every build', facts: fileAlone.adding('psql-userdb="host=db"') },
    { name: 'not yet an option', facts: fileAlone.adding('prometheus-tls') },
  ],
  fails: [
    { name: 'prometheus', facts: fileAlone.adding('prometheus'), message: /Prometheus/, severity: 'info' },
  ],
});
