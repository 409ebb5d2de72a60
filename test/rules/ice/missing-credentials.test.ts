import missingCredentials from '../../../src/rules/ice/missing-credentials.ts';
import { endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(missingCredentials, {
  passes: [
    { name: 'both are there', facts: deployment },
    {
      name: 'stun: alone needs none',
      facts: deployment.with(offering(['stun:turn.example.org'], { username: null, hasPassword: false })),
    },
  ],
  fails: [
    {
      name: 'neither',
      facts: deployment.with(offering(['turn:turn.example.org'], { username: null, hasPassword: false })),
      message:
        'https://app.example.org/turn hands out turn:turn.example.org without a user name and password',
      severity: 'error',
    },
    {
      name: 'no password',
      facts: deployment.with(offering(['turns:turn.example.org'], { hasPassword: false })),
      message: /without a password$/,
      evidence: 'username present, password absent',
    },
  ],
  skips: [{ name: 'the endpoint is down', facts: deployment.with(endpointDown(500, 'HTTP 500')) }],
});
