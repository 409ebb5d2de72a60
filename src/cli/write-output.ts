import { open, rename, stat, unlink } from 'node:fs/promises';
import { HostError } from '../host/host.ts';

const HINTS: Readonly<Record<string, { code: ConstructorParameters<typeof HostError>[0]; text: string }>> = {
  ENOENT: { code: 'not-found', text: 'its folder does not exist' },
  EACCES: { code: 'permission-denied', text: 'permission denied' },
  EROFS: { code: 'permission-denied', text: 'the file system is read-only' },
  EISDIR: { code: 'is-directory', text: 'it is a folder' },
  ENOSPC: { code: 'no-space', text: 'no space left on the device' },
  EEXIST: { code: 'exists', text: 'it exists already' },
  EDQUOT: { code: 'no-space', text: 'the quota is used up' },
};

/** Writes beside and renames, so that a full disk leaves no half report. Devices and pipes are written in place. @throws {HostError} */
export async function writeOutput(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  if (await isInPlace(path)) return reporting(path, () => writeWhole(path, 'w', content, mode));
  const beside = `${path}.${process.pid}.tmp`;
  await reporting(path, async () => {
    try {
      // Never through a link that somebody has put there: the folder may be /tmp, and we may be root.
      await writeWhole(beside, 'wx', content, mode);
      await rename(beside, path);
    } catch (error) {
      await unlink(beside).catch(() => {});
      throw error;
    }
  });
}

/** `/dev/stdout` leads to whatever file standard output is. */
async function isInPlace(path: string): Promise<boolean> {
  if (/^\/(?:dev|proc)\//.test(path)) return true;
  return stat(path).then(
    stats => !stats.isFile(),
    () => false,
  );
}

async function writeWhole(
  path: string,
  flags: 'w' | 'wx',
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  const file = await open(path, flags, mode);
  try {
    await file.writeFile(content);
    await file.sync().catch(() => {});
  } finally {
    await file.close();
  }
}

/** What the file system refuses, as the command line says it. @throws {HostError} */
export async function reporting<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const hint = HINTS[code ?? ''];
    throw new HostError(hint?.code ?? 'io', `cannot write ${path}: ${hint?.text ?? message}`, {
      cause: error,
    });
  }
}
