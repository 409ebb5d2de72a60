import { type FileHandle, link, open, realpath, rename, unlink } from 'node:fs/promises';
import type { PrivateFile, PrivateFileOptions } from '../host/private-file.ts';
import { reporting } from './write-output.ts';

/**
 * Writes beside and links or renames: nobody ever sees half a file, or one with wider permissions. A file that is there is
 * kept under `backup`, with its owner and mode. @throws {HostError} 'exists' without `backup`
 */
export const createPrivateFile = (
  path: string,
  content: string | Uint8Array,
  { gid, backup }: PrivateFileOptions,
): Promise<PrivateFile> =>
  reporting(path, async () => {
    const target = backup === undefined ? path : await realpath(path).catch(() => path);
    const beside = `${target}.${process.pid}.tmp`;
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(content);
      const mode = await openToGroup(file, gid);
      await file.sync();
      if (backup === undefined) {
        // A link, unlike a rename, fails over a file that has appeared meanwhile.
        await link(beside, target);
        return { mode, backup: null };
      }
      const kept = await keep(target, backup);
      await rename(beside, target);
      return { mode, backup: kept };
    } finally {
      await file.close();
      await unlink(beside).catch(() => {});
    }
  });

/** Only root, and members of the group, may give a file to it. */
async function openToGroup(file: FileHandle, gid: number | null): Promise<number> {
  if (gid === null) return 0o600;
  try {
    await file.chown(process.getuid?.() ?? 0, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return 0o600;
    throw error;
  }
  await file.chmod(0o640);
  return 0o640;
}

async function keep(path: string, backup: string): Promise<string | null> {
  try {
    await link(path, backup);
    return backup;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
