/** Something turnctl looked for: found, or not found out, with the reason. There is no third state and no default. */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string };

export const known = <T>(value: T): Fact<T> => ({ known: true, value });

export const unknown = (reason: string): Fact<never> => ({ known: false, reason });
