import type { Fact } from '../model/fact.ts';
import { attempt, orNull } from './attempt.ts';
import { type Host, HostError } from './host.ts';

/** A running turnserver, as /proc shows it. */
export interface TurnserverProcess {
  readonly pid: number;
  readonly uid: number;
  readonly gids: readonly number[];
  /** File with its program; the link in /proc leads to it also when it was replaced since. */
  readonly program: string;
  /** As it was started, secrets included: never a fact as it is. */
  readonly argv: readonly string[];
  /** Null where only root may see it. */
  readonly cwd: string | null;
  readonly startedAt: string | null;
  readonly sameNetwork: boolean;
  /** It has a process name space of its own, so its paths are not those of this host. */
  readonly contained: boolean;
  /** The system service that started it. */
  readonly unit: string | null;
  /** The id of its container. */
  readonly container: string | null;
  readonly capabilities: readonly string[];
}

const HIDDEN = 'not root: /proc shows only the processes of this user (hidepid)';

/** Linux counts process start times in this unit on every architecture (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Capabilities in the order of their bits, capability(7); later ones do not matter here. */
const CAPABILITIES =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw'
    .split(' ')
    .map(name => `cap_${name}`);

/** The program's own name, or that of the loader when a build for another system is started through it. */
const MAY_BE_COTURN = /^(turnserver$|ld-)/m;

/** Every turnserver that this host's /proc shows, those in containers included, by process id. */
export async function readProcesses(host: Host): Promise<Fact<readonly TurnserverProcess[]>> {
  return attempt(async () => {
    const pids = (await host.readDirectory('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
    if (!pids.includes(1)) throw new HostError('permission-denied', HIDDEN);
    const named = await Promise.all(
      pids.map(async pid =>
        MAY_BE_COTURN.test((await readText(host, `/proc/${pid}/comm`)) ?? '') ? pid : null,
      ),
    );
    const found = named.filter(pid => pid !== null).sort((a, b) => a - b);
    const processes = await Promise.all(found.map(pid => readProcess(host, pid)));
    return processes.filter(process => process !== null);
  });
}

async function readProcess(host: Host, pid: number): Promise<TurnserverProcess | null> {
  const at = (name: string) => `/proc/${pid}/${name}`;
  const [cmdline, status, stat, cgroup, systemStat, cwd, network, ownNetwork] = await Promise.all([
    readText(host, at('cmdline')),
    readText(host, at('status')),
    readText(host, at('stat')),
    readText(host, at('cgroup')),
    readText(host, '/proc/stat'),
    orNull(() => host.readLink(at('cwd'))),
    orNull(() => host.readLink(at('ns/net'))),
    orNull(() => host.readLink('/proc/self/ns/net')),
  ]);
  // It ended while we looked, or it is a zombie, which has no arguments.
  const argv = turnserverArguments(cmdline ?? '');
  if (!argv || !status) return null;
  const traits = parseStatus(status);
  return {
    pid,
    ...traits,
    program: argv.loaded && !traits.contained ? (argv.words[0] ?? '') : at('exe'),
    argv: argv.words,
    cwd,
    startedAt: startTime(stat ?? '', systemStat ?? ''),
    // Only root sees the name spaces of others; a container seldom shares the network of its host.
    sameNetwork: network === null ? !traits.contained : network === ownNetwork,
    ...(traits.contained
      ? { unit: null, container: parseCgroup(cgroup ?? '').container }
      : parseCgroup(cgroup ?? '')),
  };
}

/** argv from /proc/PID/cmdline, without a loader in front; null when it is another program. */
export function turnserverArguments(cmdline: string): { words: readonly string[]; loaded: boolean } | null {
  const words = cmdline.replace(/\0$/, '').split('\0');
  const at = words.findIndex(word => /(^|\/)turnserver$/.test(word));
  const loaded = at > 0 && /(^|\/)ld-[^/]*$/.test(words[0] ?? '');
  return at === 0 || loaded ? { words: words.slice(at), loaded } : null;
}

/** The lines of /proc/PID/status that say who it is. */
export function parseStatus(
  text: string,
): Pick<TurnserverProcess, 'uid' | 'gids' | 'contained' | 'capabilities'> {
  const field = (name: string) =>
    new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  const effective = BigInt(`0x${field('CapEff')[0] ?? '0'}`);
  return {
    // Real, effective, saved, file system: files are opened with the last one.
    uid: Number(field('Uid')[3]),
    gids: [...new Set([field('Gid')[3], ...field('Groups')].filter(Boolean).map(Number))],
    contained: field('NSpid').length > 1,
    capabilities: CAPABILITIES.filter((_, bit) => (effective >> BigInt(bit)) & 1n),
  };
}

/** The service or container in /proc/PID/cgroup, of either version of control groups. */
export function parseCgroup(text: string): Pick<TurnserverProcess, 'unit' | 'container'> {
  const paths = text.split('\n').map(line => line.split(':').slice(2).join(':'));
  const container = paths
    .map(path => /(?:^|[/-])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/.exec(path)?.[1])
    .find(Boolean);
  // Services of a user's own manager are not among those systemctl shows.
  const unit = paths
    .map(path => /^\/system\.slice\/(?:.*\/)?([^/]+\.service)(?:\/|$)/.exec(path)?.[1])
    .find(Boolean);
  return { unit: container ? null : (unit ?? null), container: container ?? null };
}

/** Start of a process from /proc/PID/stat and the boot time in /proc/stat; to the second. */
export function startTime(processStat: string, systemStat: string): string | null {
  // The name, in parentheses, may hold blanks; starttime is field 22, the 20th after it.
  const ticks = Number(processStat.slice(processStat.lastIndexOf(')') + 2).split(' ')[19]);
  const bootSeconds = Number(/^btime (\d+)$/m.exec(systemStat)?.[1]);
  if (Number.isNaN(ticks) || Number.isNaN(bootSeconds)) return null;
  return new Date((bootSeconds + Math.floor(ticks / TICKS_PER_SECOND)) * 1000).toISOString();
}

/** Targets of the open files of a process, by descriptor. */
export async function readOpenFiles(host: Host, pid: number): Promise<Fact<ReadonlyMap<number, string>>> {
  return attempt(async () => {
    const descriptors = await host.readDirectory(`/proc/${pid}/fd`);
    const targets = await Promise.all(
      descriptors.map(fd => orNull(() => host.readLink(`/proc/${pid}/fd/${fd}`))),
    );
    return new Map(
      descriptors.flatMap((fd, index) => (targets[index] ? [[Number(fd), targets[index]]] : [])),
    );
  });
}

/**
 * The host's name for a file that a process of this host calls `path`, from its /proc/PID/mountinfo: with PrivateTmp
 * a service's /tmp is a directory below the host's. Null where that place is mounted nowhere else.
 */
export function hostPathOf(mountinfo: string, path: string): string | null {
  const mounts = mountinfo
    .split('\n')
    .map(line => line.split(' '))
    .filter(fields => fields.length > 5)
    .map(fields => ({ device: fields[2], root: fields[3] ?? '/', point: fields[4] ?? '/' }));
  // The longest mount point holds the file; of two on the same point, the later covers the earlier.
  const holder = mounts
    .filter(({ point }) => isBelow(path, point))
    .sort((a, b) => a.point.length - b.point.length)
    .at(-1);
  if (!holder) return null;
  if (holder.root === '/') return path;
  const inDevice = join(holder.root, path.slice(holder.point === '/' ? 0 : holder.point.length));
  const origin = mounts.find(
    mount => mount !== holder && mount.device === holder.device && isBelow(inDevice, mount.root),
  );
  return origin ? join(origin.point, inDevice.slice(origin.root === '/' ? 0 : origin.root.length)) : null;
}

function isBelow(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

function join(folder: string, rest: string): string {
  return `${folder === '/' ? '' : folder}${rest}` || '/';
}

async function readText(host: Host, path: string): Promise<string | null> {
  const bytes = await orNull(() => host.readFile(path));
  return bytes && Buffer.from(bytes).toString();
}
