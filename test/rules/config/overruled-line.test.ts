import rule from '../../../src/rules/config/overruled-line.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'every option once', facts: fileAlone },
    { name: 'the same twice', facts: fileAlone.adding('realm=turn.example.org') },
    { name: 'a flag twice', facts: fileAlone.adding('fingerprint', 'fingerprint=') },
    { name: 'lists', facts: fileAlone.adding('static-auth-secret=another', 'listening-ip=127.0.0.1') },
    { name: 'lines of a template', facts: fileAlone.adding('realm={{ realm }}') },
    { name: 'an option that this version does not know', facts: fileAlone.adding('cpus=1', 'cpus=2') },
  ],
  fails: [
    {
      name: 'two realms',
      facts: fileAlone.adding('realm=other.example.org'),
      message: /This realm has no effect: line 22/,
      line: 7,
      count: 1,
    },
    {
      name: 'a flag switched off again',
      facts: fileAlone.adding('verbose=0'),
      message: /This verbose has no effect/,
      severity: 'warning',
    },
  ],
});
