import { attempt } from './attempt.ts';
import type { Host } from './host.ts';

/** Queries of package managers for the version of coturn, most common first. */
const QUERIES = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders
  ['dpkg-query', '--show', '--showformat=${db:Status-Status} ${Version}', 'coturn'],
  ['rpm', '--query', '--queryformat=%{VERSION}', 'coturn'],
  ['apk', 'list', '--installed', 'coturn'],
  ['pacman', '--query', 'coturn'],
];

/** A locked database is not worth more. */
const TIMEOUT_MS = 3_000;

/** The version of the installed coturn package, as `4.6.1`; null without one. */
export async function readPackageVersion(host: Host): Promise<string | null> {
  for (const query of QUERIES) {
    const result = await attempt(() => host.run(query, { timeoutMs: TIMEOUT_MS }));
    const version =
      result.known && result.value.exitCode === 0 ? parsePackageVersion(result.value.stdout) : null;
    if (version !== null) return version;
  }
  return null;
}

/** The upstream part of a package's version: `installed 4.5.2-3.1ubuntu1`, `4.6.2`, `coturn-4.6.2-r1 x86_64`, `coturn 4.6.3-1`. */
export function parsePackageVersion(text: string): string | null {
  // dpkg remembers the version of a removed package as long as its configuration is there.
  if (/^(config-files|not-installed)\b/.test(text)) return null;
  return /(?:^|[\s:-])(\d+(?:\.\d+){1,3})(?=$|[\s~+.-])/.exec(text.trim())?.[1] ?? null;
}
