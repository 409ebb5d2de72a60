import rule from '../../../src/rules/relay/address-not-local.ts';
import { deployment, fileAlone } from '../../support/facts-builder.ts';
import { allocateFailed, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const elsewhere = deployment.withConfig('relay-ip=198.51.100.7');
const noPort = allocateFailed(errorResponse(508));

ruleTester(rule, {
  passes: [
    { name: 'an address of the host', facts: deployment },
    { name: 'no relay-ip', facts: deployment.removing('relay-ip') },
    { name: 'it relays, whatever the host has', facts: deployment.without('addresses') },
    { name: 'every address', facts: deployment.withConfig('relay-ip=0.0.0.0') },
  ],
  fails: [
    {
      name: 'not of the host',
      facts: elsewhere,
      message: /198\.51\.100\.7, which no interface/,
      remedy: /Set relay-ip=203\.0\.113\.10/,
    },
    { name: 'with 508 on the wire', facts: elsewhere.seeing(noPort), evidence: /Allocate: error 508/ },
    {
      name: '508 alone',
      facts: deployment.without('addresses').seeing(noPort),
      message: /probably no address/,
    },
  ],
  skips: [{ name: 'unknown addresses', facts: fileAlone }],
});
