import { type Malformed, readArchive } from './read-archive.ts';
import { secretSearch } from './secret-search.ts';

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
  const { whole } = secretSearch(secrets);
  const holds = (text: string): boolean => whole(text).length > 0;
  const leaking = files.find(({ path, content }) => holds(path) || holds(new TextDecoder().decode(content)));
  return leaking === undefined ? null : { member: leaking.path };
}
