import nameUnresolved from '../../../src/rules/dns/name-unresolved.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { binding, lookup } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(nameUnresolved, {
  passes: [{ name: 'it resolves', facts: wireAlone.seeing(lookup('turn.example.org', '203.0.113.10')) }],
  fails: [
    {
      name: 'no such name, looked up for several transports',
      facts: wireAlone.seeing(lookup('turn.example.invalid'), {
        ...lookup('turn.example.invalid'),
        uri: 'turns:turn.example.invalid:5349?transport=tcp',
      }),
      message: 'turn.example.invalid does not resolve to any address',
      evidence: /ENOTFOUND/,
      severity: 'error',
      count: 1,
    },
  ],
  skips: [{ name: 'addresses only', facts: wireAlone.seeing(binding()) }],
});
