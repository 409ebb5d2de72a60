import rule from '../../../src/rules/credentials/endpoint-open.ts';
import { answering, endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'the token is asked for', facts: deployment.with(answering({})) },
    {
      name: 'without it there is a list, and no credential',
      facts: deployment.with(answering({ withoutToken: { status: 200, credential: false } })),
    },
  ],
  fails: [
    {
      name: 'the token makes no difference',
      facts: deployment.with(answering({ withoutToken: { status: 200, credential: true } })),
      message: 'https://app.example.org/turn hands its credentials to requests without the token, too',
      severity: 'warning',
    },
    {
      name: 'there is no token',
      facts: deployment.with(answering({ withoutToken: null })),
      message: 'https://app.example.org/turn asks for no token',
      severity: 'info',
    },
  ],
  skips: [
    { name: 'no answer', facts: deployment.with(endpointDown(500, 'HTTP 500')), reason: 'HTTP 500' },
    { name: 'an older report', facts: deployment.with(offering([])), reason: 'not asked' },
  ],
});
