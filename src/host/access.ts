import type { Identity } from './accounts.ts';
import { parseAcl, permitsByAcl } from './acl.ts';
import { attempt, orNull } from './attempt.ts';
import { type FileStatus, type Host, HostError } from './host.ts';

/** Whether someone may use a file, and what keeps them out. */
export type Access =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly blockedAt: string; readonly why: string; readonly missing: boolean }
  | { readonly allowed: null; readonly reason: string };

/** How a service sees the file system, beyond owners and modes. */
export interface FileView {
  /** Where its `/` is on this host: empty, or `/proc/PID/root` of a process in a container. */
  readonly root: string;
  readonly workingDirectory: string;
  /** Paths it cannot see (systemd's InaccessiblePaths, ProtectHome). */
  readonly inaccessible: readonly string[];
  /** Folders of which it has an empty one of its own (PrivateTmp). */
  readonly ownFolders: readonly string[];
  /** Where it may write (ProtectSystem=strict); null: no limit. */
  readonly writable: readonly string[] | null;
}

export const plainView: FileView = {
  root: '',
  workingDirectory: '/',
  inaccessible: [],
  ownFolders: [],
  writable: null,
};

const READ = 4;
const WRITE = 2;
const SEARCH = 1;
/** As many links as Linux follows in one path. */
const MAX_LINKS = 40;

interface Walk {
  readonly host: Host;
  readonly who: Identity;
  readonly view: FileView;
}

/**
 * Whether `who` may read `path`, or write there: its own permission and the search permission of every directory on
 * the way, links followed. Owners, modes and POSIX ACLs are looked at; SELinux and AppArmor are not.
 */
export async function checkAccess(
  host: Host,
  who: Identity,
  path: string,
  want: 'read' | 'write',
  view: FileView = plainView,
): Promise<Access> {
  const asked = absolute(path, view.workingDirectory);
  // Its own /tmp is empty and open to all.
  if (
    want === 'write' &&
    view.ownFolders.some(folder => asked === folder || asked.startsWith(`${folder}/`))
  ) {
    return { allowed: true };
  }
  try {
    const resolved = await walk({ host, who, view }, asked);
    if ('allowed' in resolved) return resolved;
    return await checkTarget({ host, who, view }, resolved, want);
  } catch (error) {
    if (error instanceof HostError) return { allowed: null, reason: error.message };
    throw error;
  }
}

/** `path` as the service with this working directory understands it. */
export function absolute(path: string, workingDirectory: string): string {
  return path.startsWith('/') ? path : `${workingDirectory.replace(/\/$/, '')}/${path}`;
}

interface Place {
  readonly path: string;
  readonly status: FileStatus;
}

async function walk(context: Walk, path: string): Promise<Place | Access> {
  const { host, view } = context;
  const pending = path.split('/').filter(Boolean);
  let here: Place = { path: '', status: await host.status(`${view.root}/`) };
  for (let links = 0; ; ) {
    const name = pending.shift();
    if (name === undefined) return here;
    if (name === '.') continue;
    if (!(await permits(context, here, SEARCH)))
      return blocked(here.path || '/', `${context.who.name} may not enter it`);
    const next = name === '..' ? here.path.replace(/\/[^/]*$/, '') : `${here.path}/${name}`;
    if (view.inaccessible.includes(next)) return blocked(next, 'the unit hides it from the service');
    if (view.ownFolders.includes(next))
      return blocked(next, 'the unit gives the service one of its own (PrivateTmp)');
    const link = await orNull(() => host.readLink(view.root + next));
    if (link !== null) {
      if (++links > MAX_LINKS) return blocked(next, 'too many symbolic links');
      pending.unshift(...link.split('/').filter(Boolean));
      if (link.startsWith('/')) here = { path: '', status: await host.status(`${view.root}/`) };
      continue;
    }
    try {
      here = { path: next, status: await host.status(`${view.root}${next}` || '/') };
    } catch (error) {
      if (error instanceof HostError && error.code === 'not-found')
        return blocked(next, 'it does not exist', true);
      throw error;
    }
  }
}

async function checkTarget(context: Walk, place: Place, want: 'read' | 'write'): Promise<Access> {
  const path = place.path || '/';
  if (want === 'read') {
    return (await permits(context, place, READ))
      ? { allowed: true }
      : blocked(path, `${context.who.name} may not read it`);
  }
  const { writable } = context.view;
  if (writable && !writable.some(folder => path === folder || path.startsWith(`${folder}/`))) {
    return blocked(path, 'the unit makes it read-only (ProtectSystem=strict)');
  }
  const needed = place.status.kind === 'directory' ? WRITE | SEARCH : WRITE;
  return (await permits(context, place, needed))
    ? { allowed: true }
    : blocked(path, `${context.who.name} may not write there`);
}

function blocked(blockedAt: string, why: string, missing = false): Access {
  return { allowed: false, blockedAt, why, missing };
}

async function permits({ host, who, view }: Walk, { path, status }: Place, wanted: number): Promise<boolean> {
  // Root is stopped only by what nobody may execute, and that is asked of directories alone here.
  if (who.uid === 0 || permitsByMode(who, status, wanted)) return true;
  // An access list is worth a process only where the mode says no: with a list, the group bits are its upper bound.
  const acl = await attempt(() =>
    host.run(['getfacl', '--absolute-names', '--numeric', `${view.root}${path}` || '/']),
  );
  return (
    acl.known && acl.value.exitCode === 0 && permitsByAcl(who, parseAcl(acl.value.stdout), status, wanted)
  );
}

/** The first class that fits decides: an owner without permission is not let in as one of the group. */
function permitsByMode(who: Identity, status: FileStatus, wanted: number): boolean {
  const shift = status.uid === who.uid ? 6 : who.gids.includes(status.gid) ? 3 : 0;
  return ((status.mode >> shift) & wanted) === wanted;
}
