import milliseconds from '../../../src/rules/credentials/timestamp-in-milliseconds.ts';
import { credential, nowSeconds, staticUser } from '../../support/credential.ts';
import { deployment } from '../../support/facts-builder.ts';
import { allocateFailed, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const expiresAt = (nowSeconds + 3600) * 1000;
const wrong = credential({ expiresAt, username: `${expiresAt}:u` });
const refusedTwice = allocateFailed({ ...errorResponse(401), afterChallenge: true });

ruleTester(milliseconds, {
  passes: [
    { name: 'seconds', facts: deployment.with(credential()) },
    { name: 'a static user of digits', facts: deployment.with({ ...staticUser }) },
    { name: 'the server takes it: it is no coturn', facts: deployment.with(wrong) },
  ],
  fails: [
    {
      name: 'thirteen digits',
      facts: deployment.with(wrong).seeing(refusedTwice),
      message:
        'The credential that the application hands out carries the time in milliseconds: 1769864400000:u',
      evidence: /in seconds it would be 1769864400:u/,
      severity: 'error',
    },
    { name: 'nothing was tried', facts: deployment.with(wrong).without('wire') },
  ],
});
