import credentialsOnDemand from '../../../src/rules/ice/credentials-on-demand.ts';
import { clientOf, sideOf } from '../../support/call-records.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(credentialsOnDemand, {
  passes: [{ name: 'the reference client', facts: deployment }],
  fails: [
    {
      name: 'an endpoint that takes three seconds when the call is there',
      facts: deployment.with({
        client: clientOf(
          sideOf(
            [
              ['credentials', 3001, { tookMs: 3000 }],
              ['peer', 3002, { servers: 1 }],
              ['candidate', 3080, { side: 'local', type: 'relay' }],
            ],
            3300,
          ),
        ),
      }),
      message: 'first call, caller: 3.0 s passed until the credentials were there',
      severity: 'warning',
    },
  ],
});
