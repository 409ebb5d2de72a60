import { type Bundle, openBundle, REPORT } from '../../bundle/open-bundle.ts';
import { listed, printable } from '../../util/text.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

/** Above what any bundle of ours comes to, packed. */
const LARGEST = 64 << 20;

const WHAT_TO_GIVE = 'Give a file that turnctl bundle create wrote.';

/** A bundle of anybody, read into memory and nowhere else. @throws {UsageError} for what is none, {HostError} */
export async function readBundle(
  path: string,
  { localHost, readStdin }: Pick<Io, 'localHost' | 'readStdin'>,
): Promise<Bundle> {
  return bundleOf(
    path === '-' ? await readStdin() : await localHost.readFile(path, { maxBytes: LARGEST }),
    path,
  );
}

/** The bundle in the bytes of a file. @throws {UsageError} for what is none */
export function bundleOf(bytes: Uint8Array, path: string): Bundle {
  const bundle = openBundle(bytes);
  if ('malformed' in bundle) throw new UsageError(`${path} is no bundle: ${bundle.malformed}`, WHAT_TO_GIVE);
  return bundle;
}

/** What is judged may not be what was seen: somebody has edited it since. */
export function warnOfChanges({ changed }: Bundle, path: string, { stderr }: Pick<Io, 'stderr'>): void {
  if (changed.length > 0)
    stderr(`turnctl: ${path} was changed after it was made: ${printable(listed(changed.slice(0, 3)))}\n`);
}

/** The report in it, of which the facts are judged. @throws {UsageError} when there is none */
export function reportOf({ text }: Pick<Bundle, 'text'>, path: string): string {
  const report = text(REPORT);
  if (report === null) throw new UsageError(`${path} holds no ${REPORT}`, WHAT_TO_GIVE);
  return report;
}
