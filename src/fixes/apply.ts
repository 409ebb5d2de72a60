import type { WritableHost } from '../host/host.ts';

/**
 * Puts new content in the place of a file, with the old one kept beside it under the same owner and mode, and returns
 * the backup's path. Neither is ever half written. @throws {HostError} 'changed' when the file is no longer as it was read
 */
export async function backUpAndWrite(
  host: WritableHost,
  path: string,
  content: Uint8Array,
  { expectSha256, now }: { readonly expectSha256: string; readonly now: number },
): Promise<string> {
  const real = await host.realPath(path);
  const backup = `${real}.turnctl-${stampOf(now)}.bak`;
  const old = await host.readFile(real, { maxBytes: Number.MAX_SAFE_INTEGER });
  await host.writeFile(backup, old, { expectSha256: 'absent', like: real });
  await host.writeFile(real, content, { expectSha256 });
  return backup;
}

/** `20260131T120000Z`; a name of its own for each second. */
const stampOf = (now: number): string => new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
