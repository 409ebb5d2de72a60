import type { ContainerFact } from '../../../src/model/facts.ts';
import rule from '../../../src/rules/firewall/published-range-differs.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { container, published } from './containers.ts';

const small = deployment.removing('min-port', 'max-port').adding('min-port=50000', 'max-port=50100');
const publishing = (...ranges: ContainerFact['published']) => ({
  containers: [container({ published: ranges })],
});

ruleTester(rule, {
  passes: [
    { name: 'the same range', facts: small.with(publishing(published('udp', 50_000, 50_100))) },
    { name: 'a larger one', facts: small.with(publishing(published('udp', 49_000, 51_000))) },
    {
      name: 'in two pieces',
      facts: small.with(publishing(published('udp', 50_000, 50_050), published('udp', 50_051, 50_100))),
    },
  ],
  fails: [
    {
      name: 'no UDP range',
      facts: small.with(publishing(published('tcp', 50_000, 50_100))),
      message: 'container turn does not publish 50000-50100/udp of the relay range 50000-50100',
      evidence: 'published: 50000-50100/tcp',
      remedy: '-p 50000-50100:50000-50100/udp',
      option: 'min-port',
    },
    {
      name: 'a part of it',
      facts: small.with(publishing(published('udp', 50_000, 50_050))),
      message: 'does not publish 50051-50100/udp',
    },
    {
      name: 'under other numbers',
      facts: small.with(publishing(published('udp', 40_000, 40_100, 50_000))),
      message: 'does not publish 50000-50100/udp',
      evidence: '40000-40100->50000-50100/udp',
    },
    {
      name: 'a range too large to publish',
      facts: deployment.with(publishing(published('udp', 49_160, 49_200))),
      message: '49152-49159 and 49201-65535/udp',
      remedy: '--network host',
    },
  ],
  skips: [
    { name: 'no container', facts: deployment },
    {
      name: 'the network of the host',
      facts: small.with({ containers: [container({ networkMode: 'host' })] }),
    },
  ],
});
