import type { Identity } from './accounts.ts';
import type { FileStatus } from './host.ts';

/** One entry of a POSIX access list; without an id it is that of the owner, the owning group, or a class. */
export interface AclEntry {
  readonly tag: 'user' | 'group' | 'mask' | 'other';
  readonly id: number | null;
  readonly permissions: number;
}

/** `getfacl --numeric`; the default list of a directory, which is for files to come, is left out. */
export function parseAcl(text: string): readonly AclEntry[] {
  return [...text.matchAll(/^(user|group|mask|other):(\d*):([r-])([w-])([x-])/gm)].map(
    ([, tag, id, ...bits]) => ({
      tag: tag as AclEntry['tag'],
      id: id === '' ? null : Number(id),
      permissions: bits.reduce((sum, bit) => sum * 2 + (bit === '-' ? 0 : 1), 0),
    }),
  );
}

/** The algorithm of acl(5). */
export function permitsByAcl(
  who: Identity,
  acl: readonly AclEntry[],
  status: FileStatus,
  wanted: number,
): boolean {
  const grants = (entry: AclEntry | undefined, mask = 7) =>
    ((entry?.permissions ?? 0) & mask & wanted) === wanted;
  const mask = acl.find(entry => entry.tag === 'mask')?.permissions ?? 7;
  if (who.uid === status.uid) return grants(acl.find(entry => entry.tag === 'user' && entry.id === null));
  const named = acl.find(entry => entry.tag === 'user' && entry.id === who.uid);
  if (named) return grants(named, mask);
  const groups = acl.filter(entry => entry.tag === 'group' && who.gids.includes(entry.id ?? status.gid));
  if (groups.length > 0) return groups.some(entry => grants(entry, mask));
  return grants(acl.find(entry => entry.tag === 'other'));
}
