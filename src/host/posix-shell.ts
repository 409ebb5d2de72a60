import { HostError } from './host.ts';

/** What no POSIX shell takes for anything but itself; `a=b` would be an assignment, `--a=b` is none. */
const PLAIN = /^(?:-[\w-]*=)?[\w@%+:,./-]+$/;

/**
 * One word of a command line for a POSIX shell, which reads it as exactly `text` (POSIX.1-2017 Shell §2.2.2). The only
 * quoting there is: everything that is sent to another host's shell goes through it.
 * @throws {HostError} for NUL, which no argument of a program can hold
 */
export function quoteWord(text: string): string {
  if (text.includes('\0')) throw new HostError('io', 'an argument with a NUL byte cannot be passed on');
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A whole command. @throws {HostError} for NUL */
export const quoteCommand = (argv: readonly string[]): string => argv.map(quoteWord).join(' ');
