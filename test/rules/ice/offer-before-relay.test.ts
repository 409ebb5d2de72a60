import offerBeforeRelay from '../../../src/rules/ice/offer-before-relay.ts';
import { clientOf, sideOf } from '../../support/call-records.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const early = (connectedMs: number | null) =>
  sideOf(
    [
      ['peer', 1, { servers: 1 }],
      ['sent', 3, { type: 'offer', relayCandidates: 0 }],
      ['candidate', 67, { side: 'local', type: 'relay' }],
    ],
    connectedMs,
  );

ruleTester(offerBeforeRelay, {
  passes: [
    { name: 'a description with the relay in it', facts: deployment },
    { name: 'a call that did without the relay', facts: deployment.with({ client: clientOf(early(120)) }) },
  ],
  fails: [
    {
      name: 'an offer that left 64 ms too early',
      facts: deployment.with({ client: clientOf(early(null)) }),
      message: 'first call, caller: the offer left 64 ms before the relay candidate was there',
      evidence: 'offer sent at 3 ms, relay candidate at 67 ms',
      count: 1,
    },
    { name: 'a restart that saved it late', facts: deployment.with({ client: clientOf(early(15_300)) }) },
  ],
  skips: [
    {
      name: 'a client that trickles',
      facts: deployment.with({ client: clientOf(early(null), { trickle: true }) }),
      reason: 'trickles',
    },
  ],
});
