import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkAccess, plainView } from '../../src/host/access.ts';
import { parseAcl, permitsByAcl } from '../../src/host/acl.ts';
import { localHost } from '../../src/host/local.ts';

const host = localHost();
const service = { name: 'turnserver', uid: 54104, gids: [54106, 54111] };
let folder: string;

/** A tree like that of certbot: live/ holds links into archive/, which only root may enter. */
beforeAll(() => {
  folder = mkdtempSync('/var/tmp/turnctl-access-');
  chmodSync(folder, 0o755);
  const make = (path: string, mode: number, uid = 0, gid = 0) => {
    const full = join(folder, path);
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(full, '');
    chownSync(full, uid, gid);
    chmodSync(full, mode);
  };
  make('archive/turn/key1.pem', 0o644);
  make('archive/turn/', 0o755);
  make('archive/', 0o700);
  make('live/turn/', 0o755);
  make('public.pem', 0o644);
  make('root-only.pem', 0o600);
  make('group.pem', 0o640, 0, 54106);
  make('second-group.pem', 0o640, 0, 54111);
  make('other-group.pem', 0o640, 0, 54999);
  make('owner-shut-out.pem', 0o044, 54104, 54106);
  make('log/', 0o755, 54104);
  make('entry-only/', 0o711);
  symlinkSync('../../archive/turn/key1.pem', join(folder, 'live/turn/privkey.pem'));
  symlinkSync(join(folder, 'public.pem'), join(folder, 'live/turn/cert.pem'));
  symlinkSync('loop', join(folder, 'loop'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('checkAccess', () => {
  const cases = [
    { path: 'public.pem', want: 'read', blockedAt: null },
    { path: 'public.pem', want: 'write', blockedAt: 'public.pem' },
    { path: 'root-only.pem', want: 'read', blockedAt: 'root-only.pem' },
    { path: 'group.pem', want: 'read', blockedAt: null },
    { path: 'second-group.pem', want: 'read', blockedAt: null },
    { path: 'other-group.pem', want: 'read', blockedAt: 'other-group.pem' },
    { path: 'owner-shut-out.pem', want: 'read', blockedAt: 'owner-shut-out.pem' },
    { path: 'live/turn/cert.pem', want: 'read', blockedAt: null },
    { path: 'live/turn/privkey.pem', want: 'read', blockedAt: 'archive' },
    { path: 'live/../public.pem', want: 'read', blockedAt: null },
    { path: 'loop', want: 'read', blockedAt: 'loop' },
    { path: 'log', want: 'write', blockedAt: null },
    { path: 'live', want: 'write', blockedAt: 'live' },
    { path: 'entry-only', want: 'read', blockedAt: 'entry-only' },
    { path: 'absent/file', want: 'read', blockedAt: 'absent' },
  ] as const;
  for (const { path, want, blockedAt } of cases) {
    test(`${want} ${path}: ${blockedAt === null ? 'allowed' : `stopped at ${blockedAt}`}`, async () => {
      const access = await checkAccess(host, service, join(folder, path), want);
      expect(access).toMatchObject(
        blockedAt === null
          ? { allowed: true }
          : { allowed: false, blockedAt: join(folder, blockedAt), missing: blockedAt === 'absent' },
      );
    });
  }

  test('root is let in everywhere', async () => {
    const root = { name: 'root', uid: 0, gids: [0] };
    expect(await checkAccess(host, root, join(folder, 'live/turn/privkey.pem'), 'read')).toEqual({
      allowed: true,
    });
  });

  test('a relative name is below the working directory', async () => {
    const view = { ...plainView, workingDirectory: folder };
    expect(await checkAccess(host, service, 'public.pem', 'read', view)).toEqual({ allowed: true });
  });

  test('what the unit hides is out of reach for root too', async () => {
    const view = { ...plainView, inaccessible: [join(folder, 'live')] };
    const root = { name: 'root', uid: 0, gids: [0] };
    expect(await checkAccess(host, root, join(folder, 'live/turn/cert.pem'), 'read', view)).toMatchObject({
      allowed: false,
      blockedAt: join(folder, 'live'),
    });
  });

  test('a folder of its own hides what is in the one of all, and can be written', async () => {
    const view = { ...plainView, ownFolders: ['/var/tmp'] };
    const path = join(folder, 'public.pem');
    expect(await checkAccess(host, service, path, 'read', view)).toMatchObject({
      allowed: false,
      blockedAt: '/var/tmp',
    });
    expect(await checkAccess(host, service, '/var/tmp/log', 'write', view)).toEqual({ allowed: true });
  });

  test('a strict unit may write only where it says', async () => {
    const at = join(folder, 'log');
    expect(await checkAccess(host, service, at, 'write', { ...plainView, writable: ['/srv'] })).toMatchObject(
      { blockedAt: at },
    );
    expect(await checkAccess(host, service, at, 'write', { ...plainView, writable: [folder] })).toEqual({
      allowed: true,
    });
  });

  test('the root of a container is not left, neither by absolute links nor by ..', async () => {
    const view = { ...plainView, root: folder };
    expect(await checkAccess(host, service, '/../../group.pem', 'read', view)).toEqual({ allowed: true });
    expect(await checkAccess(host, service, '/live/turn/cert.pem', 'read', view)).toMatchObject({
      missing: true,
    });
  });
});

describe('access lists', () => {
  const acl = parseAcl(`# file: /etc/ssl/private
# owner: 0
# group: 111
user::rwx
user:104:r-x
group::---
group:120:rwx\t\t#effective:r-x
mask::r-x
other::---
default:user:999:rwx
`);
  const status = { kind: 'directory', mode: 0o750, uid: 0, gid: 111, sizeBytes: 0, modifiedAtMs: 0 } as const;
  const cases = [
    { who: { name: 'named', uid: 104, gids: [106] }, wanted: 4, allowed: true },
    { who: { name: 'named', uid: 104, gids: [106] }, wanted: 2, allowed: false },
    { who: { name: 'in the named group', uid: 105, gids: [120] }, wanted: 1, allowed: true },
    { who: { name: 'masked', uid: 105, gids: [120] }, wanted: 2, allowed: false },
    { who: { name: 'in the owning group', uid: 105, gids: [111] }, wanted: 4, allowed: false },
    { who: { name: 'in both groups', uid: 105, gids: [111, 120] }, wanted: 4, allowed: true },
    { who: { name: 'other', uid: 999, gids: [999] }, wanted: 4, allowed: false },
    { who: { name: 'owner', uid: 0, gids: [0] }, wanted: 7, allowed: true },
  ];
  for (const { who, wanted, allowed } of cases) {
    test(`${who.name}, ${wanted}: ${allowed}`, () =>
      expect(permitsByAcl(who, acl, status, wanted)).toBe(allowed));
  }
});
