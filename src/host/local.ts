import { closeSync, constants as fsConstants, fstatSync, openSync, readSync } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { hostname, constants as osConstants } from 'node:os';
import {
  type CommandResult,
  type FileStatus,
  type Host,
  HostError,
  type HostErrorCode,
  type RunOptions,
} from './host.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
const DEFAULT_MAX_FILE_BYTES = 16 * 1024 * 1024;

/** What left the group of a killed program may hold its pipes open for ever; the others have closed them by then. */
const PIPES_CLOSE_MS = 250;

/** The machine turnctl runs on. */
export function localHost(): Host {
  return { name: hostname(), run, readFile, readDirectory, readLink, status };
}

async function run(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  // Loaded here: most runs of turnctl start no program, and reading it takes longer than starting one.
  const { execa } = await import('execa');
  const child = execa(program, args, {
    reject: false,
    stripFinalNewline: false,
    // A group of its own, so that a timeout ends also what the program started; but such a group has no terminal.
    detached: options.terminal !== true,
    maxBuffer: options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES,
    extendEnv: false,
    env: environment(process.env),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  });
  const group = options.terminal ? undefined : child.pid;
  if (group !== undefined) remember(group);
  let timedOut = false;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const end = () => {
    timedOut = true;
    if (group === undefined) child.kill('SIGKILL');
    else endGroup(group);
    setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, PIPES_CLOSE_MS).unref();
  };
  const timer = setTimeout(end, timeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted) end();
  const result = await child;
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', end);
  if (group !== undefined) running.delete(group);

  if (options.signal?.aborted) throw new HostError('timed-out', `${program} did not finish in the time left`);
  if (timedOut) throw new HostError('timed-out', `${program} did not finish within ${timeoutMs / 1000} s`);
  if (result.exitCode === undefined && result.signal === undefined)
    throw notStarted(program, result.code, result.cause);
  return {
    exitCode: result.exitCode ?? 128 + (result.signal ? osConstants.signals[result.signal] : 0),
    stdout: result.stdout,
    stderr: result.stderr,
    truncated: result.isMaxBuffer,
  };
}

/**
 * What a program is started with: no secret of ours, and a PATH without relative folders, in which anybody may have put
 * a `systemctl`. The folders of administration are not on the PATH of ordinary users.
 */
export function environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folders = (own.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(':');
  return {
    ...Object.fromEntries(Object.entries(own).filter(([name]) => !name.startsWith('TURNCTL_'))),
    LC_ALL: 'C',
    PATH: [...folders.filter(folder => folder.startsWith('/')), '/usr/local/sbin', '/usr/sbin', '/sbin'].join(
      ':',
    ),
  };
}

const running = new Set<number>();

/** Groups do not get the Ctrl-C of the terminal, so they are ended when turnctl ends. */
function remember(group: number): void {
  if (!process.listeners('exit').includes(endAll)) process.on('exit', endAll);
  running.add(group);
}

function endAll(): void {
  for (const group of running) endGroup(group);
}

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

function notStarted(program: string, code: string | undefined, cause: unknown): HostError {
  if (code === 'ENOENT') return new HostError('no-such-program', `${program} is not installed`, { cause });
  if (code === 'EACCES')
    return new HostError('permission-denied', `not permitted to run ${program}`, { cause });
  return new HostError('io', `${program} could not be started (${code ?? 'unknown error'})`, { cause });
}

async function readFile(path: string, options: { readonly maxBytes?: number } = {}): Promise<Uint8Array> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_FILE_BYTES;
  return refusing(path, async () => {
    refuseUnreadable(path, await stat(path), maxBytes);
    // A file that has a status, and is on no dead network then, is read in less time than a thread takes to be asked to.
    // Should a FIFO take its place meanwhile, opening it must not wait for a writer.
    const file = openSync(path, fsConstants.O_RDONLY | fsConstants.O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      refuseUnreadable(path, stats, maxBytes);
      return readAtMost(file, path, stats.size, maxBytes);
    } finally {
      closeSync(file);
    }
  });
}

const LEAST_BUFFER = 64 * 1024;

/** Reads to the end, whatever size was announced: files of /proc announce none, and a log may grow. */
function readAtMost(file: number, path: string, announcedBytes: number, maxBytes: number): Uint8Array {
  const full: Uint8Array[] = [];
  // One byte more, so that the end is seen without another buffer.
  let buffer = Buffer.allocUnsafe(announcedBytes === 0 ? LEAST_BUFFER : announcedBytes + 1);
  for (let total = 0, filled = 0; ; ) {
    const bytesRead = readSync(file, buffer, filled, buffer.length - filled, null);
    if (bytesRead === 0) {
      const last = buffer.subarray(0, filled);
      return full.length === 0 ? last : Buffer.concat([...full, last]);
    }
    total += bytesRead;
    filled += bytesRead;
    if (total > maxBytes) throw tooLarge(path, total, maxBytes);
    if (filled === buffer.length) {
      full.push(buffer);
      buffer = Buffer.allocUnsafe(LEAST_BUFFER);
      filled = 0;
    }
  }
}

interface Stats {
  isFile(): boolean;
  isDirectory(): boolean;
  readonly size: number;
}

function refuseUnreadable(path: string, stats: Stats, maxBytes: number): void {
  if (stats.isDirectory()) throw new HostError('is-directory', `${path} is a directory`);
  if (!stats.isFile()) throw new HostError('io', `${path} is a device, socket or pipe, not a file`);
  if (stats.size > maxBytes) throw tooLarge(path, stats.size, maxBytes);
}

function tooLarge(path: string, sizeBytes: number, maxBytes: number): HostError {
  return new HostError(
    'too-large',
    `${path} is too large (${sizeBytes} bytes; at most ${maxBytes} are read)`,
  );
}

async function readDirectory(path: string): Promise<readonly string[]> {
  return refusing(path, async () => (await readdir(path)).sort());
}

async function readLink(path: string): Promise<string> {
  return refusing(path, () => readlink(path));
}

async function status(path: string): Promise<FileStatus> {
  const stats = await refusing(path, () => stat(path));
  return {
    kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other',
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    sizeBytes: stats.size,
    modifiedAtMs: Math.floor(stats.mtimeMs),
  };
}

const REFUSALS: Readonly<Record<string, { readonly code: HostErrorCode; readonly words: string }>> = {
  ENOENT: { code: 'not-found', words: 'does not exist' },
  ENOTDIR: { code: 'not-found', words: 'does not exist (a part of the path is no directory)' },
  ESRCH: { code: 'not-found', words: 'does not exist any more' },
  ERR_INVALID_ARG_VALUE: { code: 'not-found', words: 'is no possible path' },
  EACCES: { code: 'permission-denied', words: 'is not readable for this user' },
  EPERM: { code: 'permission-denied', words: 'is not readable for this user' },
  EISDIR: { code: 'is-directory', words: 'is a directory' },
};

/** Turns what the system refuses into a `HostError`. */
export async function refusing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof HostError || !(error instanceof Error) || !('code' in error)) throw error;
    const { code, words } = REFUSALS[String(error.code)] ?? {
      code: 'io',
      words: `cannot be read (${error.code})`,
    };
    throw new HostError(code, `${path} ${words}`, { cause: error });
  }
}
