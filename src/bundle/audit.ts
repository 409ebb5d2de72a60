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
  const leaking = files.find(({ path, content }) =>
    [path, ...textsOf(path, new TextDecoder().decode(content))].some(text => whole(text).length > 0),
  );
  return leaking === undefined ? null : { member: leaking.path };
}

/** Of JSON also what its strings say: an encoding with backslashes has twice as many of them in the file. */
function textsOf(path: string, text: string): readonly string[] {
  if (!path.endsWith('.json')) return [text];
  const strings = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"/g) ?? [];
  const escaped = strings.filter(string => string.includes('\\')).map(string => JSON.parse(string));
  return [text, escaped.join('\0')];
}
