import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainView } from '../../src/host/access.ts';
import { localHost } from '../../src/host/local.ts';
import { findLikeCoturn, searchPath } from '../../src/host/search-path.ts';

const NAME = 'turnctl-search.conf';
const service = { name: 'turnserver', uid: 54104, gids: [54106] };
let root: string;

beforeAll(() => {
  root = mkdtempSync('/var/tmp/turnctl-search-');
  for (const folder of ['srv/etc', 'etc', 'usr/local/etc/coturn'])
    mkdirSync(join(root, folder), { recursive: true });
  chmodSync(root, 0o755);
  writeFileSync(join(root, 'srv/etc', NAME), '');
  chmodSync(join(root, 'srv/etc', NAME), 0o600);
  writeFileSync(join(root, 'etc', NAME), '');
  writeFileSync(join(root, 'usr/local/etc/coturn', NAME), '');
});
afterAll(() => rmSync(root, { recursive: true }));

test('names with a path are looked up as they are', () => {
  expect(searchPath('/etc/turnserver.conf')).toEqual(['/etc/turnserver.conf']);
  expect(searchPath('~/turnserver.conf')).toEqual(['~/turnserver.conf']);
  expect(searchPath('turnserver.conf').slice(0, 2)).toEqual([
    './turnserver.conf',
    './turnserver/turnserver.conf',
  ]);
});

test('the first that the service can read is taken', async () => {
  const view = { ...plainView, root, workingDirectory: '/srv' };
  expect(await findLikeCoturn(localHost(), NAME, service, view)).toBe(`/etc/${NAME}`);
  expect(await findLikeCoturn(localHost(), NAME, { name: 'root', uid: 0, gids: [0] }, view)).toBe(
    `/srv/etc/${NAME}`,
  );
  expect(await findLikeCoturn(localHost(), NAME, null, view)).toBe(`/srv/etc/${NAME}`);
});

test('one that nobody can read is still the one that is there', async () => {
  const view = { ...plainView, root };
  expect(await findLikeCoturn(localHost(), `/srv/etc/${NAME}`, service, view)).toBe(`/srv/etc/${NAME}`);
  expect(await findLikeCoturn(localHost(), '/srv/etc', service, view)).toBeNull();
  expect(await findLikeCoturn(localHost(), 'turnctl-absent.conf', service, view)).toBeNull();
});
