import type { ConfigFact } from '../model/facts.ts';
import { parseConfig } from './parse.ts';
import type { ParsedArguments } from './parse-arguments.ts';
import { configFact } from './redact.ts';

/** The fact a file's bytes (and the command line beside it) amount to; the secrets stay behind. */
export function readConfig(
  bytes: Uint8Array,
  {
    path,
    foundBy,
    args,
    version,
  }: { path: string; foundBy: ConfigFact['foundBy']; args?: ParsedArguments; version?: string },
): ConfigFact {
  return configFact(parseConfig(bytes, path, version), { foundBy, args });
}
