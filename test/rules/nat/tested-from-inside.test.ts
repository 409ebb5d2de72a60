import testedFromInside from '../../../src/rules/nat/tested-from-inside.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { binding } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const seenAs = (ip: string) =>
  Object.assign(binding({ ip: '8.8.4.4' }), { mappedAddress: { ip, port: 40_000 } });

ruleTester(testedFromInside, {
  passes: [{ name: 'a public address', facts: wireAlone.seeing(seenAs('9.9.9.9')) }],
  fails: [
    {
      name: 'the bridge of a container network',
      facts: wireAlone.seeing(seenAs('172.17.0.1')),
      message: '8.8.4.4:3478/udp sees this client as 172.17.0.1, a private address',
      severity: 'info',
    },
  ],
  skips: [
    { name: 'the server has no public address itself', facts: wireAlone.seeing(binding({ ip: '10.0.0.1' })) },
    { name: 'from the host itself', facts: wireAlone.seeingFromHost(seenAs('172.17.0.1')) },
  ],
});
