import { type Fact, known } from '../model/fact.ts';
import { attempt } from './attempt.ts';
import type { Host } from './host.ts';

/** The users and groups of /etc/passwd and /etc/group. */
export interface Accounts {
  readonly users: readonly { readonly name: string; readonly uid: number; readonly gid: number }[];
  readonly groups: readonly {
    readonly name: string;
    readonly gid: number;
    readonly members: readonly string[];
  }[];
}

/** Who asks for a file: what the kernel compares with its owner and mode. */
export interface Identity {
  readonly name: string;
  readonly uid: number;
  /** The primary group and all others. */
  readonly gids: readonly number[];
}

export async function readAccounts(host: Host): Promise<Fact<Accounts>> {
  const text = async (path: string) => Buffer.from(await host.readFile(path)).toString();
  const files = await attempt(() => Promise.all([text('/etc/passwd'), text('/etc/group')]));
  return files.known ? known(parseAccounts(...files.value)) : files;
}

/** passwd(5) and group(5). */
export function parseAccounts(passwd: string, group: string): Accounts {
  const rows = (text: string) => text.split('\n').map(line => line.split(':'));
  return {
    users: rows(passwd)
      .filter(row => row.length >= 7)
      .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) })),
    groups: rows(group)
      .filter(row => row.length >= 3)
      .map(([name = '', , gid, members = '']) => ({
        name,
        gid: Number(gid),
        members: members.split(',').filter(Boolean),
      })),
  };
}

/** Asks also the directories behind nsswitch.conf(5) (LDAP, sssd). */
export async function accountExists(
  host: Host,
  accounts: Accounts,
  kind: 'user' | 'group',
  name: string,
): Promise<boolean> {
  const local = kind === 'user' ? accounts.users : accounts.groups;
  if (local.some(account => account.name === name)) return true;
  const found = await attempt(() => host.run(['getent', kind === 'user' ? 'passwd' : 'group', name]));
  return found.known && found.value.exitCode === 0;
}

/**
 * The identity of a service with these settings of its unit; names or numbers. Null when the user is not known.
 * An empty `user` is root, an empty `group` the user's own.
 */
export function identityOf(
  accounts: Accounts,
  {
    user,
    group = '',
    supplementaryGroups = [],
  }: { user: string; group?: string; supplementaryGroups?: readonly string[] },
): Identity | null {
  const account = accounts.users.find(({ name, uid }) => name === (user || 'root') || String(uid) === user);
  if (!account) return null;
  const gidOf = (wanted: string) =>
    accounts.groups.find(({ name, gid }) => name === wanted || String(gid) === wanted)?.gid;
  const member = accounts.groups
    .filter(({ members }) => members.includes(account.name))
    .map(({ gid }) => gid);
  const gids = [gidOf(group) ?? account.gid, ...member, ...supplementaryGroups.map(gidOf)];
  return { name: account.name, uid: account.uid, gids: [...new Set(gids.filter(gid => gid !== undefined))] };
}

/** The name of a user, or its number where it has none. */
export function userName(accounts: Fact<Accounts>, uid: number): string {
  return (accounts.known && accounts.value.users.find(user => user.uid === uid)?.name) || String(uid);
}

/** The name of a group, or its number where it has none. */
export function groupName(accounts: Fact<Accounts>, gid: number): string {
  return (accounts.known && accounts.value.groups.find(group => group.gid === gid)?.name) || String(gid);
}
