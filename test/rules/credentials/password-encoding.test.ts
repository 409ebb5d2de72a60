import passwordEncoding from '../../../src/rules/credentials/password-encoding.ts';
import { credential, staticUser } from '../../support/credential.ts';
import { deployment } from '../../support/facts-builder.ts';
import { allocateFailed, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const refusedTwice = allocateFailed({ ...errorResponse(401), afterChallenge: true });

ruleTester(passwordEncoding, {
  passes: [
    { name: 'padded base64', facts: deployment.with(credential()) },
    { name: 'the server takes it', facts: deployment.with(credential({ passwordForm: 'hex-sha1' })) },
  ],
  fails: [
    {
      name: 'the hexadecimal digest',
      facts: deployment.with(credential({ passwordForm: 'hex-sha1' })).seeing(refusedTwice),
      message: /hexadecimal form of the digest/,
      severity: 'error',
    },
    {
      name: 'no padding',
      facts: deployment.with(credential({ passwordForm: 'unpadded-base64-sha1' })).seeing(refusedTwice),
      message: /without its padding/,
    },
    {
      name: 'SHA-256, and the server refuses it',
      facts: deployment.with(credential({ passwordForm: 'other' })).seeing(refusedTwice),
      message: /another length than an HMAC-SHA1/,
    },
  ],
  skips: [{ name: 'a static user', facts: deployment.with(staticUser), reason: /any password/ }],
});
