import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPrivateFile } from '../../src/cli/create-private-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnctl-private-'));
  path = join(folder, 'turnserver.conf');
});
afterEach(() => rmSync(folder, { recursive: true }));

const permissions = (file: string): number => statSync(file).mode & 0o777;

test('is open to its owner, and to one group where there is one', async () => {
  expect(await createPrivateFile(path, 'secret\n', { gid: null })).toEqual({ mode: 0o600, backup: null });
  expect(permissions(path)).toBe(0o600);
  const shared = join(folder, 'shared');
  const gid = process.getgid!();
  expect(await createPrivateFile(shared, 'secret\n', { gid })).toEqual({ mode: 0o640, backup: null });
  expect(permissions(shared)).toBe(0o640);
  expect(statSync(shared).gid).toBe(gid);
});

test('never replaces what is there', async () => {
  writeFileSync(path, 'mine\n');
  await expect(createPrivateFile(path, 'new\n', { gid: null })).rejects.toMatchObject({
    code: 'exists',
    message: `cannot write ${path}: it exists already`,
  });
  expect(readFileSync(path, 'utf8')).toBe('mine\n');
  expect(readdirSync(folder)).toEqual(['turnserver.conf']);
});

test('with a name for the old file, keeps it as it was', async () => {
  writeFileSync(path, 'mine\n', { mode: 0o604 });
  const backup = `${path}.20260131T120000Z`;
  expect(await createPrivateFile(path, 'new\n', { gid: null, backup })).toEqual({ mode: 0o600, backup });
  expect(readFileSync(path, 'utf8')).toBe('new\n');
  expect(readFileSync(backup, 'utf8')).toBe('mine\n');
  expect(permissions(backup)).toBe(0o604);
  expect(readdirSync(folder).sort()).toEqual(['turnserver.conf', 'turnserver.conf.20260131T120000Z']);
});

test('with nothing there, there is nothing to keep', async () => {
  expect(await createPrivateFile(path, 'new\n', { gid: null, backup: `${path}.old` })).toEqual({
    mode: 0o600,
    backup: null,
  });
});

test('writes where a link leads', async () => {
  const real = join(folder, 'real.conf');
  writeFileSync(real, 'mine\n');
  symlinkSync(real, path);
  await createPrivateFile(path, 'new\n', { gid: null, backup: `${path}.old` });
  expect(readFileSync(real, 'utf8')).toBe('new\n');
});

test('says which folder is missing', async () => {
  await expect(createPrivateFile(join(folder, 'no', 'file'), '', { gid: null })).rejects.toMatchObject({
    code: 'not-found',
  });
});
