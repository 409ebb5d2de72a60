import type { Leg } from '../../../src/model/observations/turn-data-path.ts';
import rule from '../../../src/rules/relay/large-packets-lost.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { trial } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const passed: Leg = { outcome: 'passed', ms: 1 };
const lost: Leg = { outcome: 'lost', waitedMs: 1200, sent: 4 };

/** Which sizes are lost on the way to the peer. */
const losing = (...lostBytes: number[]) =>
  wireAlone.seeing(
    trial('sizes', {
      sizes: [100, 1000, 1200, 1472].map(sizeBytes => ({
        sizeBytes,
        outbound: lostBytes.includes(sizeBytes) ? lost : passed,
        inbound: passed,
      })),
    }),
  );

ruleTester(rule, {
  passes: [
    { name: 'every size', facts: losing() },
    { name: 'more than browsers send', facts: losing(1472) },
    { name: 'nothing passes, which is another matter', facts: losing(100, 1000, 1200, 1472) },
  ],
  fails: [
    {
      name: 'video does not pass',
      facts: losing(1200, 1472),
      message: /1200 bytes of payload are lost where 100 pass/,
      evidence: /1200 bytes to the peer and 1472 bytes to the peer/,
      severity: 'error',
    },
  ],
  skips: [{ name: 'not tried', facts: wireAlone }],
});
