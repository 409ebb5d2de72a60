import {
  type CommandResult,
  type Host,
  HostError,
  type HostErrorCode,
  type RunOptions,
} from '../host/host.ts';
import { printable } from '../util/text.ts';

/** What a program says of a refusal of the system, in the C locale. */
const REFUSALS: readonly (readonly [pattern: RegExp, code: HostErrorCode])[] = [
  [/No space left|quota exceeded/i, 'no-space'],
  [/Read-only file system|Permission denied|Operation not permitted/i, 'permission-denied'],
  [/No such file/i, 'not-found'],
  [/File exists/i, 'exists'],
];

/** Runs a program that has to succeed; `name` is what an operator calls it. @throws {HostError} with its own words when it does not */
export async function runOrThrow(
  host: Host,
  argv: readonly string[],
  { name = argv[0] ?? '', ...options }: RunOptions & { readonly name?: string } = {},
): Promise<CommandResult> {
  const result = await host.run(argv, options);
  if (result.exitCode === 0) return result;
  const words = result.stderr.trim() || result.stdout.trim() || `it ended with ${result.exitCode}`;
  const code = REFUSALS.find(([pattern]) => pattern.test(words))?.[1] ?? 'io';
  const hint = code === 'permission-denied' ? { hint: 'Run turnctl as root.' } : {};
  throw new HostError(code, `${name} failed: ${printable(words.split('\n').slice(0, 3).join('; '))}`, hint);
}
