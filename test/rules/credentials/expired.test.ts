import expired from '../../../src/rules/credentials/expired.ts';
import { credential, nowSeconds, staticUser } from '../../support/credential.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const at = (expiresAt: number) =>
  deployment.with(credential({ expiresAt, username: `${expiresAt}:alice` })).without('wire');

ruleTester(expired, {
  passes: [
    { name: 'an hour left', facts: deployment.with(credential()) },
    { name: 'milliseconds, which have a rule of their own', facts: at(nowSeconds * 1000 - 1) },
    {
      name: 'the server takes it: the name is one of a static user, or its clock is behind',
      facts: deployment.with(credential({ expiresAt: nowSeconds - 60 })),
    },
    {
      name: 'a static user whose name is a number',
      facts: deployment
        .with(credential({ origin: 'user', username: '12345', expiresAt: 12345 }))
        .without('wire'),
    },
  ],
  fails: [
    {
      name: 'three days ago',
      facts: at(nowSeconds - 3 * 86_400),
      message:
        'The credential that the application hands out expired 3 days ago, on 2026-01-28T12:00:00.000Z',
      evidence: 'user name 1769601600:alice; observed at 2026-01-31T12:00:00.000Z',
      severity: 'error',
    },
    { name: 'a minute ago', facts: at(nowSeconds - 60), message: /expired 1 minute ago/ },
    { name: 'this second: coturn refuses it as well', facts: at(nowSeconds) },
  ],
  skips: [
    { name: 'a static user', facts: deployment.with(staticUser), reason: /no time/ },
    { name: 'no credential', facts: deployment.without('credential') },
  ],
});
