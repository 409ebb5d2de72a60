import { orNull } from '../host/attempt.ts';
import { type Host, HostError, type WritableHost } from '../host/host.ts';

/** Who changes a host: a process of that host that lives as long as the run does. */
export interface Holder {
  readonly pid: number;
  /** Start time in clock ticks after boot, so that another process with the same number is not taken for it. */
  readonly start: string;
  readonly boot: string;
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface Lock {
  /** What keeps the host, when it is not ours. */
  readonly heldBy?: Holder;
  release(): Promise<void>;
}

/** Programs that only stand between turnctl, or the connection it came over, and the program it runs. */
const SHELLS = new Set(['sh', 'dash', 'bash', 'ash', 'ksh', 'zsh', 'fish', 'busybox', 'sudo']);

/**
 * Takes the lock of a folder, or says who has it. A file comes into being whole, by a hard link. One whose holder is
 * dead stays and gets a successor named after that holder: of two runs that find it dead, one alone can link that name.
 * @throws {HostError}
 */
export async function takeLock(
  host: WritableHost,
  folder: string,
  run: Pick<Holder, 'command' | 'since'>,
): Promise<Lock> {
  const root = `${folder}/lock`;
  const own: Holder = { ...(await ownProcess(host)), ...run };
  const mine = `${folder}/.lock-${own.pid}-${own.start}`;
  await host.run(['rm', '-f', '--', mine]);
  await host.writeFile(mine, Buffer.from(JSON.stringify(own)), { expectSha256: 'absent', mode: 0o600 });
  try {
    for (;;) {
      const chain = [root];
      for (;;) {
        const name = chain.at(-1)!;
        if ((await host.run(['ln', '--', mine, name])).exitCode === 0) break;
        const holder = await readHolder(host, name);
        if (holder === null) break;
        if (await isAlive(host, holder)) return { heldBy: holder, async release() {} };
        chain.push(`${root}.after-${holder.pid}-${holder.start}`);
      }
      if (await leadsTo(host, chain, own)) return held(host, chain);
      // The root went away while we followed what it had left behind.
      if (chain.length > 1) await removeOwn(host, chain.at(-1)!, own);
    }
  } finally {
    await host.run(['rm', '-f', '--', mine]);
  }
}

/** The root goes first: whoever links a successor afterwards sees that it succeeds nobody. */
const held = (host: WritableHost, chain: readonly string[]): Lock => ({
  async release() {
    for (const name of chain) await host.run(['rm', '-f', '--', name]);
  },
});

async function leadsTo(host: Host, chain: readonly string[], own: Holder): Promise<boolean> {
  for (const [i, name] of chain.entries()) {
    const holder = await readHolder(host, name);
    if (holder === null) return false;
    const next = chain[i + 1];
    if (next === undefined) return isSame(holder, own);
    if (!next.endsWith(`.after-${holder.pid}-${holder.start}`)) return false;
  }
  return false;
}

async function removeOwn(host: WritableHost, name: string, own: Holder): Promise<void> {
  const holder = await readHolder(host, name);
  if (holder !== null && isSame(holder, own)) await host.run(['rm', '-f', '--', name]);
}

const isSame = (a: Holder, b: Holder): boolean => a.pid === b.pid && a.start === b.start && a.boot === b.boot;

async function readHolder(host: Host, path: string): Promise<Holder | null> {
  const bytes = await orNull(() => host.readFile(path));
  if (bytes === null) return null;
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as Holder;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // A crash of the machine may leave an empty file: nobody of this boot holds it.
    return { pid: 0, start: '0', boot: '', command: '', since: '' };
  }
}

async function isAlive(host: Host, holder: Holder): Promise<boolean> {
  if (holder.boot !== (await bootId(host))) return false;
  return (await processOf(host, holder.pid))?.start === holder.start;
}

/** Prints proc_pid_stat(5) of itself and of all it descends from; over SSH its parents end when it does. */
const ANCESTORS = `
pid=$$
while [ "$pid" -gt 1 ]; do
  stat=$(cat "/proc/$pid/stat") || exit 0
  printf '%s\\n' "$stat"
  set -- \${stat##*) }
  pid=$2
done`;

/** The first process above a program that runs there: turnctl itself, or the server side of its connection. */
async function ownProcess(host: Host): Promise<Pick<Holder, 'pid' | 'start' | 'boot'>> {
  const { stdout } = await host.run(['sh', '-c', ANCESTORS]);
  const found = stdout
    .split('\n')
    .slice(1)
    .flatMap(line => parseStat(line) ?? [])
    .find(({ name }) => !SHELLS.has(name));
  if (found !== undefined) return { pid: found.pid, start: found.start, boot: await bootId(host) };
  throw new HostError('io', 'this host does not show its processes (/proc), so that no run can lock it');
}

const bootId = async (host: Host): Promise<string> =>
  Buffer.from((await orNull(() => host.readFile('/proc/sys/kernel/random/boot_id'))) ?? [])
    .toString()
    .trim();

interface Process {
  readonly pid: number;
  readonly name: string;
  readonly start: string;
}

async function processOf(host: Host, pid: number): Promise<Process | null> {
  const bytes = await orNull(() => host.readFile(`/proc/${pid}/stat`));
  return bytes === null ? null : parseStat(Buffer.from(bytes).toString());
}

/** The name stands in parentheses and may hold any character. */
export function parseStat(text: string): Process | null {
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  if (end === -1 || fields.length < 20) return null;
  return { pid: Number.parseInt(text, 10), name: text.slice(text.indexOf('(') + 1, end), start: fields[19]! };
}
