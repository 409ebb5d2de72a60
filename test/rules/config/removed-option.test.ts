import rule from '../../../src/rules/config/removed-option.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'options of this version', facts: fileAlone.adding('no-tlsv1') },
    { name: 'never an option', facts: fileAlone.adding('no-such-thing') },
  ],
  fails: [
    {
      name: 'no-loopback-peers',
      facts: fileAlone.adding('no-loopback-peers'),
      message: /since 4\.5\.1\.0 \(loopback peers are denied/,
      severity: 'info',
      remedy: 'Delete the line.',
    },
    {
      name: 'no-tlsv1 in 4.7.0',
      facts: fileAlone.adding('no-tlsv1').asVersion('4.7.0'),
      message: /TLS 1.0 is off/,
    },
    {
      name: 'asked for the opposite of the default',
      facts: fileAlone.adding('no-dtls=false').asVersion('4.18.0'),
      severity: 'warning',
      remedy: /the opposite option/,
    },
    {
      name: 'a new name',
      facts: fileAlone.adding('prod').asVersion('4.18.0'),
      remedy: 'Write no-software-attribute.',
    },
  ],
});
