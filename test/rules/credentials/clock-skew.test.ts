import rule from '../../../src/rules/credentials/clock-skew.ts';
import { answering, offering } from '../../support/endpoint.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { authenticated } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const clock = (atLeastSeconds: number | null, atMostSeconds: number | null) =>
  wireAlone.seeing(authenticated({ clock: { atLeastSeconds, atMostSeconds, tries: 12 } }));

ruleTester(rule, {
  passes: [
    { name: 'as ours', facts: clock(-1.3, 1.4) },
    { name: 'a few seconds', facts: clock(5, 7) },
    { name: 'an endpoint with the right time', facts: wireAlone.without('wire').with(answering({})) },
  ],
  fails: [
    {
      name: 'a minute and a half behind',
      facts: clock(-92, -90.2),
      message: 'The clock of 203.0.113.10:3478/udp is 90 seconds behind that of this computer',
      evidence: '12 credentials of different ends: the clock is -92 s to -90 s off',
      severity: 'warning',
    },
    {
      name: 'an hour ahead: short credentials are dead on arrival',
      facts: clock(3599, 3601),
      message: /is 60 minutes ahead of that of this computer$/,
      severity: 'error',
    },
    {
      name: 'the endpoint',
      facts: wireAlone.with(answering({ aheadSeconds: -45 })),
      message: 'The clock of https://app.example.org/turn is 45 seconds behind that of this computer',
      severity: 'warning',
    },
    {
      name: 'the endpoint an hour ahead: its credentials live longer, and are accepted',
      facts: wireAlone.with(answering({ aheadSeconds: 3600 })),
      severity: 'warning',
    },
  ],
  skips: [
    { name: 'nothing was compared', facts: wireAlone, reason: 'turnctl probe auth' },
    { name: 'nothing was ever refused', facts: clock(null, -795_524_160), reason: 'no clock' },
    { name: 'an endpoint without a Date', facts: wireAlone.with(offering([])), reason: 'no clock' },
  ],
});
