import type { Leg } from '../../../src/model/observations/turn-data-path.ts';
import rule from '../../../src/rules/nat/relay-to-relay-lost.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { dataPath, trial } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const passed: Leg = { outcome: 'passed', ms: 1 };
const lost: Leg = { outcome: 'lost', waitedMs: 1200, sent: 4 };
const relayedAddresses = [
  { ip: '203.0.113.10', port: 50_001 },
  { ip: '203.0.113.10', port: 50_002 },
] as const;
const legs = { relayedAddresses, permission: passed, there: passed, back: passed };

ruleTester(rule, {
  passes: [{ name: 'both ways', facts: wireAlone.seeing(dataPath(), trial('relay-to-relay', legs)) }],
  fails: [
    {
      name: 'neither way',
      facts: wireAlone.seeing(dataPath(), trial('relay-to-relay', { ...legs, there: lost, back: lost })),
      message: /203\.0\.113\.10:3478\/udp: data between two of its own allocations/,
      evidence: /from 203\.0\.113\.10:50001 to 203\.0\.113\.10:50002: there lost, back lost/,
      severity: 'error',
    },
    {
      name: 'one way',
      facts: wireAlone.seeing(dataPath(), trial('relay-to-relay', { ...legs, back: lost })),
      evidence: /there passed, back lost/,
    },
    {
      name: 'the relay may not send to itself',
      facts: wireAlone.seeing(
        dataPath(),
        trial('relay-to-relay', { ...legs, permission: { outcome: 'refused', code: 403, reason: '' } }),
      ),
      evidence: /permission 403/,
    },
  ],
  skips: [
    { name: 'not tried', facts: wireAlone },
    {
      name: 'no data passes at all',
      facts: wireAlone.seeing(
        dataPath({ outbound: lost }),
        trial('relay-to-relay', { ...legs, there: lost, back: lost }),
      ),
    },
  ],
});
