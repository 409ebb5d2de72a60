import { constants, type Stats } from 'node:fs';
import { open, readdir, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { orNull } from './attempt.ts';
import { type Host, HostError, type WritableHost, type WriteGuard } from './host.ts';
import { localHost, refusing } from './local.ts';

/** The machine turnctl runs on, with the right to change its files. */
export function writableLocalHost(): WritableHost {
  const host = localHost();
  return {
    ...host,
    realPath: path => refusing(path, () => realpath(path)),
    writeFile: (path, content, guard) => writeFile(host, path, content, guard),
  };
}

async function writeFile(host: Host, path: string, content: Uint8Array, guard: WriteGuard): Promise<void> {
  const isNew = guard.expectSha256 === 'absent';
  const real = isNew ? path : await refusing(path, () => realpath(path));
  const model = isNew ? guard.like : real;
  await removeLeftovers(real);
  const beside = besideOf(real, process.pid);
  await refusingToWrite(real, async () => {
    try {
      const mode = guard.mode ?? 0o600;
      await writeSynced(beside, content, model === undefined ? { mode } : await stat(model));
      if (model !== undefined) await copyAttributes(host, model, beside);
      // As late as possible: what somebody else wrote meanwhile must not be lost.
      await checkUnchanged(real, guard.expectSha256);
      await rename(beside, real);
    } catch (error) {
      await unlink(beside).catch(() => {});
      throw error;
    }
  });
  await syncFolder(dirname(real));
}

const besideOf = (path: string, pid: number | string): string =>
  join(dirname(path), `.${basename(path)}.turnctl-${pid}.tmp`);

/** What a run that was killed left behind; those of runs that still go on stay. */
async function removeLeftovers(path: string): Promise<void> {
  const names = await refusing(dirname(path), () => readdir(dirname(path)));
  for (const name of names) {
    const pid = /\.turnctl-(\d+)\.tmp$/.exec(name)?.[1];
    if (pid === undefined || name !== basename(besideOf(path, pid)) || isRunning(Number(pid))) continue;
    await unlink(join(dirname(path), name)).catch(() => {});
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** For nobody else to read until it has the owner and the mode of the file it takes the place of. */
async function writeSynced(
  path: string,
  content: Uint8Array,
  model: Pick<Stats, 'mode'> & Partial<Stats>,
): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.writeFile(content);
    const own = await file.stat();
    const { uid = own.uid, gid = own.gid } = model;
    if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
    await file.chmod(model.mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Access list and security label, where the host has the tools for them: without the tools there are hardly any. */
async function copyAttributes(host: Host, from: string, to: string): Promise<void> {
  const list = await orNull(() => host.run(['getfacl', '--absolute-names', '--omit-header', '--', from]));
  if (list?.exitCode === 0) {
    const set = await host.run(['setfacl', '--set-file=-', '--', to], { input: list.stdout });
    // A file system without access lists has only the mode, which is copied already.
    const extended = /^(?:user|group):[^:]+:|^mask:/m.test(list.stdout);
    if (set.exitCode !== 0 && extended)
      throw new HostError('io', `the access list of ${from} cannot be kept`);
  }
  const hasLabels = (await orNull(() => host.status('/sys/fs/selinux/enforce'))) !== null;
  if (!hasLabels) return;
  const labelled = await host.run(['chcon', `--reference=${from}`, '--', to]);
  if (labelled.exitCode !== 0) throw new HostError('io', `the SELinux context of ${from} cannot be kept`);
}

async function checkUnchanged(path: string, expected: string): Promise<void> {
  const present = await sha256Of(path);
  if (present === expected) return;
  throw new HostError('changed', `${path} was changed by somebody else meanwhile, so it is left alone`, {
    hint: 'Run the same command again.',
  });
}

async function sha256Of(path: string): Promise<string> {
  // Loaded here: most runs of turnctl change no file, and Node's cryptography is large.
  const { createHash } = await import('node:crypto');
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
}

/** The name is on the disk only when the folder is; some file systems cannot, and need not. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY).catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

const REFUSALS: Readonly<Record<string, { readonly code: HostError['code']; readonly words: string }>> = {
  EACCES: { code: 'permission-denied', words: 'its folder is not writable for this user' },
  EPERM: { code: 'permission-denied', words: 'its owner cannot be kept by this user' },
  EROFS: { code: 'permission-denied', words: 'the file system is read-only' },
  ENOSPC: { code: 'no-space', words: 'no space is left on the device' },
  EDQUOT: { code: 'no-space', words: 'the quota is used up' },
  EBUSY: { code: 'io', words: 'it is mounted by itself, as in a container: mend it outside' },
};

async function refusingToWrite(path: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (error instanceof HostError || !(error instanceof Error) || !('code' in error)) throw error;
    const { code, words } = REFUSALS[String(error.code)] ?? { code: 'io', words: String(error.code) };
    throw new HostError(code, `cannot write ${path}: ${words}`, { cause: error });
  }
}
