import rule from '../../../src/rules/nat/external-ip-reversed.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'the right way', facts: fileAlone.adding('external-ip=198.51.100.7/10.0.0.5') },
    { name: 'plain', facts: fileAlone.adding('external-ip=198.51.100.7') },
    { name: 'both private', facts: fileAlone.adding('external-ip=192.168.1.5/10.0.0.5') },
  ],
  fails: [
    {
      name: 'reversed',
      facts: fileAlone.adding('external-ip=10.0.0.5/198.51.100.7'),
      remedy: 'Write external-ip=198.51.100.7/10.0.0.5 and restart coturn.',
    },
  ],
});
