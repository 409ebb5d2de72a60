import endpointUnavailable from '../../../src/rules/credentials/endpoint-unavailable.ts';
import { endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const uris = ['turn:turn.example.org'];

ruleTester(endpointUnavailable, {
  passes: [{ name: 'a complete answer', facts: deployment }],
  fails: [
    {
      name: 'nobody listens',
      facts: deployment.with(endpointDown(null, 'connect ECONNREFUSED 192.0.2.1:443')),
      message: 'https://app.example.org/turn cannot be reached: connect ECONNREFUSED 192.0.2.1:443',
      severity: 'error',
    },
    {
      name: 'the token is refused',
      facts: deployment.with(endpointDown(403, 'Forbidden')),
      message: /refuses the token with 403/,
      remedy: /TURNCTL_TOKEN/,
    },
    {
      name: 'a server error',
      facts: deployment.with(endpointDown(500, 'Internal Server Error')),
      message: /answers 500/,
    },
    {
      name: 'no password',
      facts: deployment.with(offering(uris, { hasPassword: false, problems: ['password is missing'] })),
      message: /another shape than .*: password is missing/,
      severity: 'error',
    },
    {
      name: 'no ttl: clients can do without',
      facts: deployment.with(offering(uris, { ttlSeconds: null, problems: ['ttl is missing'] })),
      severity: 'warning',
    },
  ],
  skips: [{ name: 'no endpoint was named', facts: deployment.without('endpoint') }],
});
