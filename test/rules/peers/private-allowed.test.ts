import rule from '../../../src/rules/peers/private-allowed.ts';
import { fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { peerPolicy } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const undenied = (...ranges: string[]) => fileAlone.removing('denied-peer-ip').adding(...ranges);
const rfc1918 = [
  'denied-peer-ip=10.0.0.0-10.255.255.255',
  'denied-peer-ip=172.16.0.0-172.31.255.255',
  'denied-peer-ip=192.168.0.0-192.168.255.255',
];
const linkLocal = 'denied-peer-ip=169.254.0.0-169.254.255.255';
const shared = 'denied-peer-ip=100.64.0.0-100.127.255.255';
const ipv6Relay = ['relay-ip=2001:db8::5'];

ruleTester(rule, {
  passes: [
    { name: 'all denied', facts: fileAlone },
    {
      name: 'link-local is denied by itself since 4.13.1',
      facts: undenied(...rfc1918, shared).asVersion('4.13.1'),
    },
    { name: 'one host allowed on purpose', facts: fileAlone.adding('allowed-peer-ip=192.168.5.20') },
    {
      name: 'IPv6 denied too',
      facts: undenied(
        ...rfc1918,
        linkLocal,
        shared,
        ...ipv6Relay,
        'denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255',
        'denied-peer-ip=fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
        'denied-peer-ip=fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      ),
    },
    {
      name: 'refused on the wire',
      facts: wireAlone.seeing(peerPolicy([{ ip: '10.0.0.1', kind: 'private', answer: 403 }])),
    },
  ],
  fails: [
    {
      name: 'nothing denied',
      facts: undenied(),
      message: /10\.0\.0\.0\/8, 172/,
      evidence: /no denied-peer-ip/,
      severity: 'warning',
    },
    {
      name: 'the metadata service',
      facts: undenied(...rfc1918, shared),
      message: /169\.254\.0\.0\/16/,
      severity: 'warning',
    },
    {
      name: 'only the shared range left',
      facts: undenied(...rfc1918, linkLocal),
      message: /100\.64\.0\.0\/10/,
      severity: 'info',
    },
    {
      name: 'everything allowed again',
      facts: fileAlone.adding('allowed-peer-ip=0.0.0.0-255.255.255.255'),
      severity: 'warning',
    },
    {
      name: 'unique local addresses of an IPv6 relay',
      facts: fileAlone.adding(...ipv6Relay),
      message: /fc00::\/7/,
      severity: 'warning',
    },
    {
      name: 'IPv6, if there is any',
      facts: fileAlone.removing('relay-ip', 'listening-ip'),
      message: /only if the host has it/,
      severity: 'info',
    },
    {
      name: 'on the wire',
      facts: wireAlone.seeing(peerPolicy([{ ip: '10.0.0.1', kind: 'private', answer: 'allowed' }])),
      evidence: /10\.0\.0\.1 was granted/,
    },
  ],
  skips: [{ name: 'nothing was asked', facts: wireAlone }],
});
