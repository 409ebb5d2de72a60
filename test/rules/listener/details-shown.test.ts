import rule from '../../../src/rules/listener/details-shown.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { complete } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const told = (detail: { software?: string; realm?: string; ip?: string }) => {
  const { ip, ...rest } = detail;
  const addresses = ip === undefined ? [] : [{ ip, port: 3478 }];
  return wireAlone.seeing(complete('unauthenticated-answers', { requests: [], addresses, ...rest }));
};

ruleTester(rule, {
  passes: [
    { name: 'nothing', facts: told({}) },
    {
      name: 'what it has to tell',
      facts: told({ software: 'None', realm: 'turn.example.org', ip: '203.0.113.10' }),
    },
  ],
  fails: [
    { name: 'its version', facts: told({ software: "Coturn-4.6.1 'Gorst'" }), message: /Coturn-4\.6\.1/ },
    { name: 'an internal realm', facts: told({ realm: 'turn.corp' }), message: /realm "turn\.corp"/ },
    { name: 'a private address', facts: told({ ip: '10.0.0.4' }), message: /private address 10\.0\.0\.4/ },
  ],
  skips: [{ name: 'not asked', facts: wireAlone, reason: /probe peers/ }],
});
