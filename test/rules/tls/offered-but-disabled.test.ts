import offeredButDisabled from '../../../src/rules/tls/offered-but-disabled.ts';
import { endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import { allocated } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(offeredButDisabled, {
  passes: [
    { name: 'TLS is on', facts: deployment },
    {
      name: 'no turns: is offered',
      facts: deployment.adding('no-tls').with(offering(['turn:turn.example.org'])),
    },
    {
      name: 'a proxy ends TLS on a port of its own',
      facts: deployment.adding('no-tls').with(offering(['turns:turn.example.org:443'])),
    },
    {
      name: 'a proxy ends TLS on the port of coturn, as seen on the wire',
      facts: deployment.adding('no-tls').seeing({
        ...allocated({}, { transport: 'tls' }),
        uri: 'turns:turn.example.org:5349?transport=tcp',
      }),
    },
  ],
  fails: [
    {
      name: 'no-tls',
      facts: deployment.adding('no-tls'),
      message:
        'https://app.example.org/turn offers turns:turn.example.org:5349?transport=tcp, but no-tls switches TLS off',
      option: 'no-tls',
      line: 22,
      severity: 'error',
    },
    {
      name: 'no certificate',
      facts: deployment.removing('cert', 'pkey'),
      message: /neither cert nor pkey is set/,
      remedy: /set cert and pkey and systemctl restart coturn\.service/,
    },
  ],
  skips: [{ name: 'the endpoint is down', facts: deployment.with(endpointDown(null, 'ECONNREFUSED')) }],
});
