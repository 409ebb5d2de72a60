import type { Rendering } from '../model/report.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How to print: colour for a terminal that wants it (no-color.org, FORCE_COLOR), 80 columns elsewhere, ASCII without UTF-8. */
export function renderingOf(
  env: Environment,
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  noColor: boolean,
): Rendering {
  const terminal = stream.isTTY === true;
  return {
    color: !noColor && wantsColor(env, terminal),
    width: terminal ? (stream.columns ?? 80) : 80,
    unicode: hasUtf8(env),
  };
}

function wantsColor(env: Environment, terminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return terminal && env.TERM !== 'dumb' && !env.CI;
}

/** POSIX order of the locale variables. Unset means the C locale, which has no UTF-8. */
const hasUtf8 = (env: Environment): boolean => /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
