import rule from '../../../src/rules/listener/stun-only.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocateFailed, binding, bindingFailed, silence } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'not set', facts: fileAlone },
    { name: 'both answer', facts: wireAlone },
  ],
  fails: [
    { name: 'in the file', facts: fileAlone.adding('stun-only'), option: 'stun-only', severity: 'error' },
    { name: 'with no-stun', facts: fileAlone.adding('stun-only', 'no-stun'), message: /answers nothing/ },
    {
      name: 'on the wire',
      facts: wireAlone.seeing(binding(), allocateFailed(silence)),
      evidence: /Binding: answered.*Allocate: silent/,
    },
    {
      name: 'both',
      facts: deployment.adding('stun-only').seeing(binding(), allocateFailed(silence)),
      count: 1,
    },
  ],
  skips: [
    { name: 'no Allocate was sent', facts: wireAlone.seeing(binding()) },
    {
      name: 'another server is silent, to which this one sends its clients',
      facts: wireAlone.seeing(binding(), {
        ...allocateFailed(silence),
        alternate: { ip: '203.0.113.11', port: 3478 },
      }),
    },
    { name: 'both are silent', facts: wireAlone.seeing(bindingFailed(silence), allocateFailed(silence)) },
    {
      name: 'silence after the challenge',
      facts: wireAlone.seeing(binding(), allocateFailed({ ...silence, afterChallenge: true })),
    },
  ],
});
