import type { ContainerFact } from '../../../src/model/facts.ts';
import rule from '../../../src/rules/firewall/udp-not-published.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { container, published } from './containers.ts';

const withContainer = (changes: Partial<ContainerFact>) =>
  deployment.with({ containers: [container(changes)] });

ruleTester(rule, {
  passes: [
    {
      name: 'both are published',
      facts: withContainer({ published: [published('tcp', 3478), published('udp', 3478)] }),
    },
    { name: 'UDP alone', facts: withContainer({ published: [published('udp', 3478)] }) },
    {
      name: 'UDP under another number',
      facts: withContainer({ published: [published('udp', 443, 443, 3478)] }),
    },
  ],
  fails: [
    {
      name: 'only TCP is published',
      facts: withContainer({ published: [published('tcp', 3478)] }),
      message: 'container turn publishes 3478/tcp and not 3478/udp',
      evidence: 'published: 3478/tcp',
      remedy: '-p 3478:3478/udp',
      count: 1,
    },
  ],
  skips: [
    { name: 'no container', facts: deployment },
    { name: 'the network of the host', facts: withContainer({ networkMode: 'host', published: [] }) },
  ],
});
