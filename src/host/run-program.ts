import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { constants as osConstants } from 'node:os';
import type { Readable } from 'node:stream';
import { type CommandResult, HostError, type RunOptions } from './host.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** What left the group of a killed program may hold its pipes open for ever; the others have closed them by then. */
const PIPES_CLOSE_MS = 250;

/** `Host.run` on the machine turnctl runs on. @throws {HostError} when it cannot start or does not end in time */
export async function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const [program = ''] = argv;
  // A group of its own, so that a timeout ends also what the program started; but such a group has no terminal.
  const detached = options.terminal !== true;
  const child = start(argv, {
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached,
  });
  const ended = endOf(child, program);
  const target = child.pid === undefined ? undefined : detached ? -child.pid : child.pid;
  if (target !== undefined) remember(target);
  // A program may end without having read it.
  child.stdin?.on('error', () => {}).end(options.input);

  let timedOut = false;
  const closePipes = () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const end = () => {
    timedOut = true;
    if (target !== undefined) kill(target);
    setTimeout(closePipes, PIPES_CLOSE_MS).unref();
  };
  const stopReading = () => {
    child.kill();
    closePipes();
  };
  const maxBytes = options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
  const stdout = outputOf(child.stdout, maxBytes, stopReading);
  const stderr = outputOf(child.stderr, maxBytes, stopReading);

  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const timer = setTimeout(end, timeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted) end();
  const exitCode = await ended.finally(() => {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
    if (target !== undefined) running.delete(target);
  });

  if (options.signal?.aborted) throw new HostError('timed-out', `${program} did not finish in the time left`);
  if (timedOut) throw new HostError('timed-out', `${program} did not finish within ${timeoutMs / 1000} s`);
  return {
    exitCode,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated || stderr.truncated,
  };
}

/** Starts a program in the environment that programs are given. @throws {HostError} for arguments that none can have */
export function start([program = '', ...args]: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, args, { ...options, env: environment(process.env) });
  } catch (error) {
    throw notStarted(program, error);
  }
}

/** The exit code, 128 and more for a signal, once the program has ended and its output is read. */
const endOf = (child: ChildProcess, program: string): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', error => reject(notStarted(program, error)));
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0)));
  });

/** Collects what a stream says, and calls `onTooMuch` when that is more than `maxBytes`. */
function outputOf(stream: Readable | null, maxBytes: number, onTooMuch: () => void) {
  const chunks: Buffer[] = [];
  let leftBytes = maxBytes;
  const output = { truncated: false, text: () => Buffer.concat(chunks).toString() };
  stream?.on('data', (chunk: Buffer) => {
    if (output.truncated) return;
    chunks.push(chunk.subarray(0, leftBytes));
    leftBytes -= chunk.length;
    if (leftBytes >= 0) return;
    output.truncated = true;
    onTooMuch();
  });
  return output;
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

/** Programs that run, as kill(2) names them: a group by the negative of its id. */
const running = new Set<number>();

/** Groups do not get the Ctrl-C of the terminal, so they are ended when turnctl ends. */
function remember(target: number): void {
  if (!process.listeners('exit').includes(killAll)) process.on('exit', killAll);
  running.add(target);
}

function killAll(): void {
  for (const target of running) kill(target);
}

function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

function notStarted(program: string, cause: unknown): HostError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return new HostError('no-such-program', `${program} is not installed`, { cause });
  if (code === 'EACCES')
    return new HostError('permission-denied', `not permitted to run ${program}`, { cause });
  return new HostError('io', `${program} could not be started (${code ?? 'unknown error'})`, { cause });
}
