import rule from '../../../src/rules/nat/external-ip-wrong.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import { binding, dataPath } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const relayedAddress = { ip: '198.51.100.99', port: 49170 };
const from = { ip: '203.0.113.10', port: 49170 };
const lost = { outcome: 'lost', sent: 4, waitedMs: 1200 } as const;
const elsewhere = dataPath({
  relayedAddress,
  inbound: lost,
  outbound: { outcome: 'wrong-source', from, ms: 1 },
});

ruleTester(rule, {
  passes: [
    { name: 'data passes', facts: wireAlone },
    { name: 'a firewall', facts: wireAlone.seeing(dataPath({ inbound: lost })) },
    {
      name: 'data comes in, and goes out by another way',
      facts: wireAlone.seeing(
        dataPath({ relayedAddress, outbound: { outcome: 'wrong-source', from, ms: 1 } }),
      ),
    },
    {
      name: 'a private relayed address is another matter',
      facts: wireAlone.seeing(
        dataPath({
          relayedAddress: { ip: '10.0.0.10', port: 49170 },
          inbound: lost,
          outbound: { outcome: 'wrong-source', from, ms: 1 },
        }),
      ),
    },
    {
      name: 'seen from inside',
      facts: wireAlone.seeing(
        dataPath({
          relayedAddress,
          inbound: lost,
          outbound: { outcome: 'wrong-source', from: { ip: '10.0.0.10', port: 49170 }, ms: 1 },
        }),
      ),
    },
  ],
  fails: [
    {
      name: 'without access to the host',
      facts: wireAlone.seeing(elsewhere),
      message: 'The relay announces 198.51.100.99, and its packets come from 203.0.113.10',
      evidence: /comes from 203\.0\.113\.10:49170, what is sent to it is lost \(4 packets\)/,
      severity: 'error',
    },
    {
      name: 'with the line',
      facts: deployment.adding('external-ip=198.51.100.99/10.0.0.10').seeing(elsewhere),
      option: 'external-ip',
      remedy: /203\.0\.113\.10 into external-ip in place of 198\.51\.100\.99/,
      count: 1,
    },
  ],
  skips: [
    { name: 'from the host itself', facts: wireAlone.seeingFromHost(elsewhere) },
    { name: 'nothing was relayed', facts: wireAlone.seeing(binding()), reason: /no relaying/ },
  ],
});
