import rule from '../../../src/rules/peers/multicast-allowed.ts';
import { fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { peerPolicy } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'refused', facts: fileAlone },
    { name: 'denied by a range', facts: fileAlone.withConfig('denied-peer-ip=224.0.0.0-239.255.255.255') },
    {
      name: 'refused on the wire',
      facts: wireAlone.seeing(peerPolicy([{ ip: '239.0.0.1', kind: 'multicast', answer: 403 }])),
    },
  ],
  fails: [
    { name: 'in the file', facts: fileAlone.removing('no-multicast-peers'), severity: 'info' },
    {
      name: 'on the wire',
      facts: wireAlone.seeing(peerPolicy([{ ip: '239.0.0.1', kind: 'multicast', answer: 'allowed' }])),
      evidence: /239\.0\.0\.1/,
    },
  ],
  skips: [{ name: 'nothing was asked', facts: wireAlone }],
});
