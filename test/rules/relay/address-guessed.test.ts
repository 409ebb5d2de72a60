import rule from '../../../src/rules/relay/address-guessed.ts';
import { deployment, fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const withDocker = deployment.removing('relay-ip', 'listening-ip').with({
  addresses: [
    { interface: 'eth0', ip: '203.0.113.10', prefixLength: 24, scope: 'global' },
    { interface: 'docker0', ip: '172.17.0.1', prefixLength: 16, scope: 'global' },
  ],
});

ruleTester(rule, {
  passes: [
    { name: 'relay-ip is set', facts: deployment },
    { name: 'one address', facts: deployment.removing('relay-ip', 'listening-ip') },
    { name: 'the routing table decides', facts: withDocker.adding('listening-ip=0.0.0.0') },
  ],
  fails: [
    {
      name: 'Docker',
      facts: withDocker,
      message: /172\.17\.0\.1 \(docker0\)/,
      remedy: /relay-ip=203\.0\.113\.10/,
      severity: 'warning',
    },
  ],
  skips: [{ name: 'unknown addresses', facts: fileAlone }],
});
