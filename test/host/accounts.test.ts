import { expect, test } from 'vitest';
import { accountExists, identityOf, parseAccounts } from '../../src/host/accounts.ts';
import { localHost } from '../../src/host/local.ts';

const accounts = parseAccounts(
  'root:x:0:0:root:/root:/bin/bash\nturnserver:x:104:106:turnserver daemon,,,:/:/bin/false\n\nbroken\n',
  'root:x:0:\nturnserver:x:106:\nssl-cert:x:111:postgres,turnserver\ntls:x:120:\n',
);

const cases = [
  { unit: { user: '' }, identity: { name: 'root', uid: 0, gids: [0] } },
  { unit: { user: 'turnserver' }, identity: { name: 'turnserver', uid: 104, gids: [106, 111] } },
  { unit: { user: '104', group: 'tls' }, identity: { name: 'turnserver', uid: 104, gids: [120, 111] } },
  {
    unit: { user: 'turnserver', group: 'turnserver', supplementaryGroups: ['tls', 'no-such'] },
    identity: { name: 'turnserver', uid: 104, gids: [106, 111, 120] },
  },
  { unit: { user: 'nobody-here' }, identity: null },
];
for (const { unit, identity } of cases) {
  test(JSON.stringify(unit), () => expect(identityOf(accounts, unit)).toEqual(identity));
}

test('names that the files lack are asked of the host', async () => {
  const nobody = { users: [], groups: [] };
  expect(await accountExists(localHost(), nobody, 'user', 'root')).toBe(true);
  expect(await accountExists(localHost(), nobody, 'group', 'turnctl-no-such-group')).toBe(false);
});
