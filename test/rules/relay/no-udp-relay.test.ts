import rule from '../../../src/rules/relay/no-udp-relay.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocated, allocateFailed, binding, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'not set', facts: fileAlone },
    { name: 'a UDP allocation', facts: wireAlone },
    {
      name: 'only TCP is refused',
      facts: wireAlone.seeing(allocated(), allocateFailed(errorResponse(442), { requestedTransport: 'tcp' })),
    },
  ],
  fails: [
    {
      name: 'in the file',
      facts: fileAlone.adding('no-udp-relay'),
      severity: 'error',
      option: 'no-udp-relay',
    },
    { name: 'on the wire', facts: wireAlone.seeing(allocateFailed(errorResponse(442))), evidence: /442/ },
    {
      name: 'both',
      facts: deployment.adding('no-udp-relay').seeing(allocateFailed(errorResponse(442))),
      count: 1,
    },
  ],
  skips: [{ name: 'nothing was asked', facts: wireAlone.seeing(binding()) }],
});
