import rule from '../../../src/rules/nat/external-ip-missing.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocated } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const behindNat = deployment
  .removing('listening-ip', 'relay-ip')
  .with({ addresses: [{ interface: 'eth0', ip: '10.0.0.5', prefixLength: 24, scope: 'global' }] });
const privateRelay = allocated({ relayedAddress: { ip: '10.0.0.5', port: 50_000 } });

ruleTester(rule, {
  passes: [
    { name: 'a public relayed address', facts: deployment },
    {
      name: 'the host has a public address',
      facts: deployment.removing('listening-ip', 'relay-ip').seeing(),
    },
    { name: 'external-ip is set', facts: behindNat.adding('external-ip=198.51.100.7/10.0.0.5').seeing() },
    {
      name: 'reached at a private address',
      facts: wireAlone.seeing(
        allocated({ relayedAddress: { ip: '10.0.0.5', port: 50_000 } }, { ip: '10.0.0.5' }),
      ),
    },
  ],
  fails: [
    {
      name: 'on the wire',
      facts: wireAlone.seeing(privateRelay),
      message: /reached at 203\.0\.113\.10 .* relayed address 10\.0\.0\.5/,
      remedy: 'Add external-ip=203.0.113.10/10.0.0.5 and restart coturn.',
      severity: 'error',
    },
    {
      name: 'on the wire, though the file has it',
      facts: behindNat.adding('external-ip=203.0.113.10/10.0.0.5').seeing(privateRelay),
      remedy: /restart coturn/,
    },
    {
      name: 'by the addresses of the host',
      facts: behindNat.seeingFromHost(),
      severity: 'warning',
      evidence: /no external-ip in/,
    },
  ],
  skips: [
    { name: 'only the file', facts: fileAlone },
    {
      name: 'a private address seen from the host itself proves nothing',
      facts: wireAlone.seeingFromHost(privateRelay),
    },
  ],
});
