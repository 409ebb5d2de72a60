import { absolute, checkAccess, type FileView } from './access.ts';
import type { Identity } from './accounts.ts';
import { orNull } from './attempt.ts';
import type { Host } from './host.ts';

const FOLDERS = [
  ...['./', './turnserver/', './coturn/', './etc/', './etc/turnserver/', './etc/coturn/'],
  ...['../etc/', '../etc/turnserver/', '../etc/coturn/', '/etc/', '/etc/turnserver/', '/etc/coturn/'],
  ...['/usr/local/etc/', '/usr/local/etc/turnserver/', '/usr/local/etc/coturn/'],
  // The prefix coturn was built with: /usr in distributions.
  ...['/usr/etc/', '/usr/etc/turnserver/', '/usr/etc/coturn/'],
];

/**
 * Where coturn looks for a file of this name, in its order: an absolute name, or one with a `~`, only there; others
 * along its search path (find_config_file, all versions). The same for the configuration, `cert`, `pkey` and `CA-file`.
 */
export function searchPath(name: string): readonly string[] {
  return name.startsWith('/') || name.startsWith('~') ? [name] : FOLDERS.map(folder => folder + name);
}

/**
 * The file coturn takes for `name`: the first that its user can read. Without one, the first that is there at all.
 * Null when there is none. `who` is null when the user is unknown: then the first that is there.
 */
export async function findLikeCoturn(
  host: Host,
  name: string,
  who: Identity | null,
  view: FileView,
): Promise<string | null> {
  const places = searchPath(name).map(path => normal(absolute(path, view.workingDirectory)));
  const statuses = await Promise.all(places.map(path => orNull(() => host.status(view.root + path))));
  const present = places.filter((_, index) => statuses[index]?.kind === 'file');
  for (const path of present) {
    if (who === null || (await checkAccess(host, who, path, 'read', view)).allowed) return path;
  }
  return present[0] ?? null;
}

/** Without `.` and `..`; for show, so links on the way are not followed. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
