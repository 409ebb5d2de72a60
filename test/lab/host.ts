import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ExecOptions, type ExecResult, exec, start } from './exec.ts';
import { isLeftover, type LabNode } from './network.ts';

export interface HostOptions {
  /** Units to enable, as `ufw.service`. Everything else that this machine has enabled stays off. Default: coturn's. */
  readonly units?: readonly string[];
  /** A folder copied over the root: that of a newer coturn, for instance. */
  readonly layer?: string;
}

/** A whole Debian host, which forgets everything when it stops. */
export interface LabHost extends LabNode {
  /** Runs a program on the host; a non-zero exit is a result. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Starts a program and leaves it running; a signal to it is sent on the host, by its own process id. */
  start(argv: readonly string[]): ChildProcess;
  /** As `exec`, and returns standard output. @throws {Error} with what it wrote, when it fails. */
  must(argv: readonly string[]): Promise<string>;
  /** Writes a file. One that is there keeps its owner and mode; a new one is root's, with `mode` (default 0644). */
  writeFile(path: string, content: string | Uint8Array, mode?: number): void;
  readFile(path: string): string;
  stop(): Promise<void>;
}

/** The checkout under test, mounted read-only at the same path in every host. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What a host may not have: the clock, the modules and the power switch are the machine's, in no namespace. */
const KEYS = ['--bounding-set=-sys_time,-sys_module,-sys_rawio,-sys_boot', '--inh-caps=-all'] as const;

const DIRECTORY_PREFIX = 'turnctl-host-';

const BOOT_TIMEOUT_MS = 60_000;

/**
 * Boots this machine's own Debian once more, in the network of `node`: systemd as PID 1, journald, dbus, coturn's own unit,
 * ufw, firewalld, sshd. What apt installed here is there; what is written there is in memory. Takes 1 to 5 s. Needs root.
 * @throws {Error} with systemd's last words when it does not come up.
 */
export async function startHost(node: LabNode, options: HostOptions = {}): Promise<LabHost> {
  removeLeftovers();
  const directory = mkdtempSync(join(tmpdir(), `${DIRECTORY_PREFIX}${node.namespace}-`));
  // The parent's death must end the host, whatever the parent died of.
  const ownNetwork = `--pdeathsig KILL ip netns exec ${node.namespace} unshare --mount --propagation private`;
  const boot = ['sh', join(import.meta.dirname, 'boot.sh'), node.namespace, directory, repository];
  const enabled = (options.units ?? ['coturn.service']).join(' ');
  const shell = spawn('setpriv', [...ownNetwork.split(' '), ...boot, enabled, options.layer ?? '', ...KEYS], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = once(shell, 'exit');
  let words = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', chunk => (words += chunk));

  async function stop(): Promise<void> {
    // PID 1 gone, the kernel ends every process of the host; unshare waits for the last of them.
    const init = initOf(shell);
    if (init === undefined) shell.kill('SIGKILL');
    else process.kill(init, 'SIGKILL');
    await exited;
    remove(directory);
  }

  const pid = await booted(shell).catch(async error => {
    await stop();
    throw new Error(`${node.namespace} did not boot: ${error.message}\n${words.slice(-2000)}`);
  });
  const inside = (path: string) => `/proc/${pid}/root${path}`;

  return {
    namespace: node.namespace,
    exec: (argv, options) => enter(pid, argv, options),
    start: argv => start(entering(pid, argv)),
    async must(argv) {
      const { exitCode, stdout, stderr } = await enter(pid, argv);
      if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr || stdout}`);
      return stdout;
    },
    writeFile(path, content, mode) {
      writeFileSync(inside(path), content, mode === undefined ? {} : { mode });
    },
    readFile: path => readFileSync(inside(path), 'utf8'),
    stop,
  };
}

/** The host's PID 1 as this machine counts it, once systemd has started everything it wants to start. */
async function booted(shell: ChildProcess): Promise<number> {
  const deadline = Date.now() + BOOT_TIMEOUT_MS;
  for (;;) {
    if (shell.exitCode !== null || shell.signalCode !== null) throw new Error('its systemd is gone');
    const pid = initOf(shell);
    if (pid !== undefined && isSystemd(pid)) {
      // Blocks until the start is over, but only after systemd has opened its socket.
      const { stdout } = await enter(pid, ['systemctl', 'is-system-running', '--wait']);
      if (/^(running|degraded)/.test(stdout)) return pid;
    }
    if (Date.now() > deadline) throw new Error(`not within ${BOOT_TIMEOUT_MS} ms`);
    await delay(50);
  }
}

/** The one child of unshare: the first process of the new PID namespace, seen from here. */
function initOf(shell: ChildProcess): number | undefined {
  if (shell.exitCode !== null || shell.signalCode !== null) return undefined;
  const children = readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, 'utf8').trim();
  return /^\d+$/.test(children) ? Number(children) : undefined;
}

function isSystemd(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'systemd\n';
  } catch {
    return false;
  }
}

/** Entered from outside, a program would have every key of the machine, its clock's among them. */
const enter = (pid: number, argv: readonly string[], options?: ExecOptions): Promise<ExecResult> =>
  exec(entering(pid, argv), options);

const entering = (pid: number, argv: readonly string[]): readonly string[] => [
  ...['nsenter', '--target', String(pid), '--all', '--', 'setpriv', ...KEYS, ...argv],
];

/** Removes the mount point of a host that has ended, and its control group, which has the name of the namespace. */
function remove(directory: string): void {
  const group = basename(directory)
    .slice(DIRECTORY_PREFIX.length)
    .replace(/-[^-]*$/, '');
  const script =
    'mount -t cgroup2 cgroup2 "$1"; [ ! -d "$1/$2" ] || find "$1/$2" -depth -type d -exec rmdir {} +';
  execFileSync('unshare', [
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-ec',
    script,
    'sh',
    directory,
    group,
  ]);
  rmdirSync(directory);
}

/** Of runs that were killed: their hosts died with them. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    if (name.startsWith(DIRECTORY_PREFIX) && isLeftover(name)) remove(join(tmpdir(), name));
  }
}
