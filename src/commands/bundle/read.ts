import { type Bundle, openBundle } from '../../bundle/open-bundle.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

/** Above what any bundle of ours comes to, packed. */
const LARGEST = 64 << 20;

/** A bundle of anybody, read into memory and nowhere else. @throws {UsageError} for what is none, {HostError} */
export async function readBundle(
  path: string,
  { localHost, readStdin }: Pick<Io, 'localHost' | 'readStdin'>,
): Promise<Bundle> {
  const bytes = path === '-' ? await readStdin() : await localHost.readFile(path, { maxBytes: LARGEST });
  const bundle = openBundle(bytes);
  if (!('malformed' in bundle)) return bundle;
  throw new UsageError(
    `${path} is no bundle: ${bundle.malformed}`,
    'Give a file that turnctl bundle create wrote.',
  );
}
