/** What no POSIX shell takes for anything but itself; `a=b` would be an assignment, `--a=b` is none. */
const PLAIN = /^(?:-[\w-]*=)?[\w@%+:,./-]+$/;

/**
 * An argv as one line for a POSIX shell, which reads it back word for word (POSIX.1-2017 Shell §2.2.2): for a person to
 * paste, and for the shell of another host. There is no other quoting.
 */
export const shellLine = (argv: readonly string[]): string =>
  argv.map(word => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
