import type { ServerUri } from '../model/target.ts';
import { parseServerUri } from '../turn/uri.ts';
import { maskUri } from '../util/mask.ts';
import { UsageError } from './usage-error.ts';

/** The URIs that a TARGET stands for: one, or those that a bare host name usually has. @throws {UsageError} for a target that is none */
export function parseTarget(target: string): readonly ServerUri[] {
  const parsed = parseServerUri(target);
  if ('problem' in parsed) throw new UsageError(maskUri(`${target}: ${parsed.problem}`));
  return parsed.uris;
}
