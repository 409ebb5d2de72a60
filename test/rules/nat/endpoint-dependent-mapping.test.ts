import endpointDependentMapping from '../../../src/rules/nat/endpoint-dependent-mapping.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { binding, nat } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(endpointDependentMapping, {
  passes: [{ name: 'endpoint-independent', facts: wireAlone.seeing(nat()) }],
  fails: [
    {
      name: 'address- and port-dependent',
      facts: wireAlone.seeing(nat({ mapping: { kind: 'address-and-port-dependent' } })),
      message: 'The NAT between here and 203.0.113.10 has address-and-port-dependent mapping',
      severity: 'info',
    },
  ],
  skips: [
    { name: 'not asked', facts: wireAlone.seeing(binding()) },
    {
      name: 'inconclusive',
      facts: wireAlone.seeing(nat({ mapping: { kind: 'inconclusive', reason: 'no OTHER-ADDRESS' } })),
    },
  ],
});
