import { canonicalName } from './directives.ts';
import type { ParsedEntry } from './parse.ts';

/** Credentials in clear text, for probes to sign with. Never part of a fact, a message or a log line. */
export interface ConfigSecrets {
  /** Every one of them is accepted by coturn. The empty one too. */
  readonly staticAuthSecrets: readonly string[];
  /** `isKey`: the password is `0x` and the key computed from it, so the password itself is not known. */
  readonly users: readonly { readonly name: string; readonly password: string; readonly isKey: boolean }[];
}

/** The credentials in the entries of a file and a command line, in coturn's order; of equal user names the last counts. */
export function secretsOf(entries: readonly ParsedEntry[]): ConfigSecrets {
  const valuesOf = (option: string): string[] =>
    entries.filter(({ name }) => canonicalName(name) === option).map(({ value }) => value ?? '');
  const users = new Map<string, { name: string; password: string; isKey: boolean }>();
  for (const value of valuesOf('user')) {
    const colon = value.indexOf(':');
    if (colon < 1) continue;
    const [name, password] = [value.slice(0, colon), value.slice(colon + 1)];
    users.set(name, { name, password, isKey: password.startsWith('0x') });
  }
  return { staticAuthSecrets: [...new Set(valuesOf('static-auth-secret'))], users: [...users.values()] };
}
