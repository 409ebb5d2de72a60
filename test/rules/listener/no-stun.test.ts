import rule from '../../../src/rules/listener/no-stun.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocated, allocateFailed, bindingFailed, challenged, silence } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'not set', facts: fileAlone },
    { name: 'switched off', facts: fileAlone.adding('no-stun=false') },
    { name: 'both answer', facts: wireAlone },
  ],
  fails: [
    {
      name: 'in the file',
      facts: fileAlone.adding('no-stun'),
      message: /Allocate and relaying still work/,
      evidence: /: no-stun$/,
      option: 'no-stun',
      severity: 'error',
    },
    {
      name: 'on the wire',
      facts: wireAlone.seeing(bindingFailed(silence), allocated()),
      evidence: /Allocate: answered in 2\.3 ms.*Binding: silent \(5 requests in 4 s\)/,
    },
    { name: 'a challenge is an answer', facts: wireAlone.seeing(bindingFailed(silence), challenged('r')) },
    {
      name: 'in the file and on the wire',
      facts: deployment.adding('no-stun').seeing(bindingFailed(silence), allocated()),
      evidence: /no-stun; .*Binding: silent/,
      count: 1,
    },
    {
      name: 'in the file, and not yet in the running server',
      facts: deployment.adding('no-stun'),
      evidence: /changed after its start/,
      severity: 'error',
    },
    {
      name: 'on the wire, and not in the file',
      facts: deployment.seeing(bindingFailed(silence), allocated()),
      remedy: /not in the file that was read/,
    },
  ],
  skips: [
    { name: 'no Binding was sent', facts: wireAlone.seeing(allocated()) },
    {
      name: 'both are silent: a firewall',
      facts: wireAlone.seeing(bindingFailed(silence), allocateFailed(silence)),
    },
    {
      name: 'another transport is silent',
      facts: wireAlone.seeing(bindingFailed(silence, { transport: 'tcp' }), allocated()),
    },
  ],
});
