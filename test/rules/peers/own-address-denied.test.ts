import rule from '../../../src/rules/peers/own-address-denied.ts';
import { deployment, fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const plain = fileAlone.withConfig(
  'relay-ip=10.0.0.5',
  'external-ip=198.51.100.7',
  'denied-peer-ip=10.0.0.0-10.255.255.255',
);

ruleTester(rule, {
  passes: [
    { name: 'a public relay', facts: fileAlone },
    {
      name: 'a pair makes an exception',
      facts: fileAlone.withConfig(
        'relay-ip=10.0.0.5',
        'external-ip=198.51.100.7/10.0.0.5',
        'denied-peer-ip=10.0.0.0-10.255.255.255',
      ),
    },
    { name: 'allowed beats denied', facts: plain.adding('allowed-peer-ip=10.0.0.5') },
    { name: 'nothing denied', facts: fileAlone.withConfig('relay-ip=10.0.0.5', 'external-ip=198.51.100.7') },
    {
      name: "the bridge of Docker is nobody's relay address",
      facts: deployment.removing('relay-ip', 'listening-ip').with({
        addresses: [
          { interface: 'eth0', ip: '203.0.113.10', prefixLength: 24, scope: 'global' },
          { interface: 'docker0', ip: '172.17.0.1', prefixLength: 16, scope: 'global' },
        ],
      }),
    },
  ],
  fails: [
    {
      name: 'a plain external-ip',
      facts: plain,
      message: /covers 10\.0\.0\.5/,
      line: 3,
      remedy: 'Write external-ip=198.51.100.7/10.0.0.5 in line 2, and restart coturn.',
    },
    {
      name: 'by the addresses of the host',
      facts: deployment.removing('relay-ip', 'listening-ip').with({
        addresses: [{ interface: 'eth0', ip: '10.0.0.5', prefixLength: 24, scope: 'global' }],
      }),
      remedy: /allowed-peer-ip=10\.0\.0\.5/,
    },
  ],
  skips: [{ name: 'unknown addresses', facts: fileAlone.removing('relay-ip', 'listening-ip') }],
});
