import rule from '../../../src/rules/credentials/ttl-mismatch.ts';
import { credential, nowSeconds, staticUser } from '../../support/credential.ts';
import { endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const ends = (inSeconds: number, ttlSeconds: number | null) =>
  deployment.with({
    ...credential({ origin: 'endpoint', expiresAt: nowSeconds + inSeconds }),
    ...offering(['turn:turn.example.org'], { ttlSeconds }),
  });

ruleTester(rule, {
  passes: [
    { name: 'the same', facts: ends(3600, 3600) },
    { name: 'the answer took a while', facts: ends(3570, 3600) },
  ],
  fails: [
    {
      name: 'the page believes in a day',
      facts: ends(3600, 86_400),
      message: 'https://app.example.org/turn says ttl 86400, and the credential ends in 3600 seconds',
      severity: 'warning',
    },
    { name: 'the page renews early', facts: ends(86_400, 3600), severity: 'info' },
  ],
  skips: [
    { name: 'no ttl', facts: ends(3600, null), reason: 'no ttl' },
    { name: 'a static user', facts: deployment.with({ ...staticUser, ...offering([]) }), reason: 'no time' },
    { name: 'no answer', facts: deployment.with(endpointDown(500, 'HTTP 500')), reason: 'HTTP 500' },
  ],
});
