import { type Malformed, readArchive } from './read-archive.ts';
import { tracesOf } from './secret-traces.ts';
import { traceSearch } from './trace-search.ts';

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
  const search = traceSearch(secrets.flatMap(tracesOf));
  const leaking = files.find(
    ({ path, content }) => search(path) !== null || search(new TextDecoder().decode(content)) !== null,
  );
  return leaking === undefined ? null : { member: leaking.path };
}
