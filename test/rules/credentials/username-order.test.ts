import usernameOrder from '../../../src/rules/credentials/username-order.ts';
import { credential, nowSeconds } from '../../support/credential.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const named = (username: string, expiresAt: number | null) =>
  deployment.with(credential({ username, expiresAt })).without('wire');

ruleTester(usernameOrder, {
  passes: [
    { name: 'the time first', facts: named(`${nowSeconds + 60}:42`, nowSeconds + 60) },
    { name: 'a name first is as good', facts: named(`alice:${nowSeconds + 60}`, nowSeconds + 60) },
    { name: 'the time alone', facts: named(`${nowSeconds + 60}`, nowSeconds + 60) },
  ],
  fails: [
    {
      name: 'a numeric user id first',
      facts: named(`42:${nowSeconds + 60}`, null),
      message: /has 42 where coturn reads the time, and the time 1769860860 behind it$/,
      remedy: /1769860860:42/,
      severity: 'error',
    },
  ],
});
