import type { ServerUri } from '../model/target.ts';
import type { Io } from './io.ts';
import { parseTarget } from './parse-target.ts';
import type { ProbeKind } from './probe-kinds/kind.ts';
import { UsageError } from './usage-error.ts';

/** What to probe: named one by one, in a file, or by the credential endpoint. */
export interface TargetOptions {
  /** At least one, where neither `targets` nor `api` is given. */
  readonly target: readonly string[];
  /** A file with a target a line. */
  readonly targets?: string;
  readonly api?: string;
}

const LARGEST_LIST = 1 << 20;
/** Each takes a socket or more at the same time. */
const MOST_TARGETS = 4000;

/**
 * What the command line and `--targets` name; blank lines and comments do not count. Nothing where the endpoint is to name them.
 * @throws {UsageError} when nobody names one, or too many
 */
export async function targetsOf(
  { target, targets, api }: TargetOptions,
  { instead }: ProbeKind,
  { readStdin, localHost }: Pick<Io, 'readStdin' | 'localHost'>,
): Promise<readonly string[]> {
  const all = [...new Set([...target, ...(targets === undefined ? [] : linesOf(await read(targets)))])];
  if (all.length === 0 && api === undefined)
    throw new UsageError('TARGET is missing', `${instead} Or --targets FILE, or --api URL.`);
  if (all.length > MOST_TARGETS) throw new UsageError(`${all.length} targets are more than ${MOST_TARGETS}`);
  return all;

  function read(path: string): Promise<Uint8Array> {
    return path === '-' ? readStdin() : localHost.readFile(path, { maxBytes: LARGEST_LIST });
  }
}

const linesOf = (bytes: Uint8Array): readonly string[] =>
  new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));

/** @throws {UsageError} for a target that is none, or one that this kind of probe has no use for */
export function urisFor(kind: ProbeKind, target: string): readonly ServerUri[] {
  const fitting = parseTarget(target).filter(kind.fits);
  if (fitting.length > 0) return fitting;
  throw new UsageError(`${target} cannot be probed for ${kind.name}`, kind.instead);
}
