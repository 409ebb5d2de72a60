const PLAIN = /^[\w@%+=:,./-]+$/;

/** An argv as a person may paste it into a shell. */
export const shellLine = (argv: readonly string[]): string =>
  argv.map(word => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
