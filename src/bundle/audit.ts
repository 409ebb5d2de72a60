import type { ArchiveFile } from './archive.ts';
import { type Malformed, readArchive } from './read-archive.ts';
import { tracesOf } from './secret-traces.ts';

/** A file in which a secret was found. Which one is not told. */
export interface Leak {
  readonly member: string;
}

/**
 * Searches the finished archive for each secret in every encoding, in contents and in names. Null when there is none.
 * What reads it is what anybody else reads it with, so that nothing hides in how it was written.
 */
export function findLeak(archive: Uint8Array, secrets: readonly string[]): Leak | Malformed | null {
  const files = readArchive(archive);
  if ('malformed' in files) return files;
  const traces = [...new Set(secrets.flatMap(tracesOf))];
  const leaking = files.find(file => leaks(file, traces));
  return leaking === undefined ? null : { member: leaking.path };
}

function leaks({ path, content }: ArchiveFile, traces: readonly string[]): boolean {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  return traces.some(trace => path.includes(trace) || bytes.includes(trace));
}
