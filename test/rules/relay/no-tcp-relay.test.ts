import rule from '../../../src/rules/relay/no-tcp-relay.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocated, allocateFailed, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const tcp = { transport: 'tcp', requestedTransport: 'tcp' } as const;

ruleTester(rule, {
  passes: [
    { name: 'not set', facts: fileAlone },
    { name: 'no-tcp is something else', facts: fileAlone.adding('no-tcp') },
    {
      name: 'a TCP allocation',
      facts: wireAlone.seeing(allocated({ requestedTransport: 'tcp' }, { transport: 'tcp' })),
    },
  ],
  fails: [
    {
      name: 'in the file',
      facts: fileAlone.adding('no-tcp-relay'),
      message: /RFC 6062.*UDP relaying is not affected/,
      severity: 'warning',
    },
    {
      name: 'on the wire',
      facts: wireAlone.seeing(allocateFailed(errorResponse(442), tcp)),
      evidence: /tcp: Allocate: error 442/,
    },
    {
      name: 'both',
      facts: deployment.adding('no-tcp-relay').seeing(allocateFailed(errorResponse(442), tcp)),
      count: 1,
      evidence: /no-tcp-relay; .*442/,
    },
  ],
  skips: [{ name: 'nothing was asked', facts: wireAlone }],
});
