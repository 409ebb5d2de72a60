import packetLoss from '../../../src/rules/listener/packet-loss.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { binding, series } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(packetLoss, {
  passes: [
    { name: 'everything is answered', facts: wireAlone.seeing(series()) },
    { name: 'one in a hundred is not', facts: wireAlone.seeing(series({ received: 99, longestGap: 1 })) },
  ],
  fails: [
    {
      name: 'three in a hundred',
      facts: wireAlone.seeing(series({ received: 97, longestGap: 2 })),
      message: '203.0.113.10:3478/udp loses 3.0 % of the packets',
      evidence: '97 of 100 requests answered, one every 100 ms; 2 in a row unanswered at most',
      severity: 'warning',
    },
    {
      name: 'half of them',
      facts: wireAlone.seeing(series({ received: 50, longestGap: 5 })),
      message: /loses 50\.0 %/,
      severity: 'error',
    },
    {
      name: 'silence from a moment on is not loss',
      facts: wireAlone.seeing(series({ received: 60, longestGap: 40, unansweredAtEnd: 40 })),
      message: /fell silent after 60 requests/,
      severity: 'error',
    },
  ],
  skips: [{ name: 'no series', facts: wireAlone.seeing(binding()), reason: /--count/ }],
});
