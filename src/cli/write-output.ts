import { open, rename, unlink } from 'node:fs/promises';
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

/** Writes beside and renames, so that a full disk leaves no half report. Devices are written in place. @throws {HostError} */
export async function writeOutput(path: string, content: string): Promise<void> {
  if (path.startsWith('/dev/')) return reporting(path, () => writeWhole(path, content));
  const beside = `${path}.${process.pid}.tmp`;
  await reporting(path, async () => {
    try {
      await writeWhole(beside, content);
      await rename(beside, path);
    } catch (error) {
      await unlink(beside).catch(() => {});
      throw error;
    }
  });
}

async function writeWhole(path: string, content: string): Promise<void> {
  const file = await open(path, 'w', 0o644);
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
