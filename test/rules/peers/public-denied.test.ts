import rule from '../../../src/rules/peers/public-denied.ts';
import { fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { binding, peerPolicy } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const publicPeer = (answer: 'allowed' | 403) => peerPolicy([{ ip: '8.8.8.8', kind: 'public', answer }]);

ruleTester(rule, {
  passes: [
    { name: 'private ranges alone', facts: fileAlone },
    { name: 'a public peer is granted', facts: wireAlone.seeing(publicPeer('allowed')) },
  ],
  fails: [
    {
      name: 'every IPv4 address',
      facts: fileAlone.adding('denied-peer-ip=0.0.0.0-255.255.255.255'),
      severity: 'error',
      option: 'denied-peer-ip',
      message: /cover the Internet/,
    },
    {
      name: 'an end that is no limit',
      facts: fileAlone.adding('denied-peer-ip=::'),
      severity: 'error',
    },
    {
      name: 'a relay for its own network alone',
      facts: fileAlone.adding('denied-peer-ip=0.0.0.0-255.255.255.255', 'allowed-peer-ip=10.0.0.5'),
      severity: 'info',
    },
    {
      name: 'seen on the wire',
      facts: wireAlone.seeing(publicPeer(403)),
      severity: 'warning',
      evidence: /error 403/,
    },
  ],
  skips: [{ name: 'nothing was asked', facts: wireAlone.seeing(binding()) }],
});
