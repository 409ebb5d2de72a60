import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellLine } from '../../util/shell-line.ts';
import { type CommandResult, ConnectionLost, type Host, HostError, type RunOptions } from '../host.ts';
import { localHost } from '../local.ts';
import { sshFailure } from './failure.ts';
import { GREETING, type Greeting, PROBE_WORD, parseGreeting } from './greeting.ts';

/** Programs that run there at the same time; sshd allows 10 sessions for one connection, and two read files. */
const MOST_PROGRAMS = 6;

const CONNECT_SECONDS = 10;
/** A person may have to type a passphrase. */
const DIALOGUE_MS = 120_000;
/** After which the connection closes itself, should turnctl have been killed. */
const IDLE_SECONDS = 60;

/** Exit code of ssh for failures of its own, and of programs that chose it. */
const SSH_FAILED = 255;
/** Of a shell, env(1) and timeout(1): no such program, and not permitted. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

export interface SshOptions {
  /** Whether ssh may ask a person at the terminal for a passphrase or about a host key. */
  readonly interactive: boolean;
  readonly signal?: AbortSignal;
  /** Options for ssh(1), in front of its destination: a test's own configuration. */
  readonly arguments?: readonly string[];
  /** The machine that ssh is started on. */
  readonly here?: Host;
}

/** One SSH connection, shared by everything that runs over it. */
export interface SshConnection {
  readonly destination: string;
  readonly greeting: Greeting;
  /** Arguments that start `argv` over there, as root where that is possible. */
  argv(argv: readonly string[], timeoutMs?: number): readonly string[];
  run(argv: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Whether the connection is still there. */
  isUp(): Promise<boolean>;
  close(): Promise<void>;
}

/** Connects, and asks who we are there. @throws {HostError} with what to do, when ssh cannot */
export async function connect(destination: string, options: SshOptions): Promise<SshConnection> {
  const { interactive, signal, arguments: extra = [], here = localHost() } = options;
  const folder = await mkdtemp(join(tmpdir(), 'turnctl-ssh-'));
  const common = ['-T', '-o', `ControlPath=${join(folder, 'c')}`, '-o', 'LogLevel=ERROR', ...extra];
  const end = async () => {
    // It may never have been opened.
    await here.run(['ssh', ...common, '-O', 'exit', '--', destination]).catch(ignoreRefusal);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const greeted = await here.run(
      [
        'ssh',
        ...['-o', 'ControlMaster=yes', '-o', `ControlPersist=${IDLE_SECONDS}`],
        ...['-o', `ConnectTimeout=${CONNECT_SECONDS}`, '-o', 'ServerAliveInterval=10'],
        // What a configuration has for people who log in: forwarded ports, a command of its own.
        ...['-o', 'ClearAllForwardings=yes', '-o', 'PermitLocalCommand=no', '-o', 'RemoteCommand=none'],
        ...(interactive ? [] : ['-o', 'BatchMode=yes']),
        ...common,
        ...['--', destination, shellLine(['sh', '-c', GREETING, 'sh', PROBE_WORD])],
      ],
      {
        timeoutMs: interactive ? DIALOGUE_MS : CONNECT_SECONDS * 1500,
        ...(signal ? { signal } : {}),
        terminal: interactive,
      },
    );
    if (greeted.exitCode === SSH_FAILED) throw sshFailure(destination, greeted.stderr);
    return connected(parseGreeting(destination, greeted.stdout), { destination, common, here, end });
  } catch (error) {
    await end();
    throw error;
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof HostError)) throw error;
}

interface Opened {
  readonly destination: string;
  readonly common: readonly string[];
  readonly here: Host;
  readonly end: () => Promise<void>;
}

function connected(greeting: Greeting, { destination, common, here, end }: Opened): SshConnection {
  const limit = new Turnstile(MOST_PROGRAMS);
  // Were the connection lost, ssh would open another one: with this it cannot, and says so at once.
  const shared = ['ssh', '-o', 'ControlMaster=no', '-o', 'ProxyCommand=exit 1', '-o', 'BatchMode=yes'];
  const argv = (program: readonly string[], timeoutMs?: number) => [
    ...shared,
    ...common,
    ...['--', destination, commandLine([...prefixOf(greeting, timeoutMs), ...program])],
  ];

  async function run(program: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const [name = ''] = program;
    const { timeoutMs = 10_000 } = options;
    const result = await limit.pass(() =>
      here.run(argv(program, timeoutMs), options).catch(error => {
        throw error instanceof HostError && error.code === 'timed-out' ? lateness(name, options) : error;
      }),
    );
    const { exitCode, stderr } = result;
    if (exitCode === SSH_FAILED && !(await isUp())) throw lost(destination);
    if (exitCode === NOT_FOUND && isLaunchFailure(stderr, name))
      throw new HostError('no-such-program', `${name} is not installed`);
    if (exitCode === NOT_EXECUTABLE && isLaunchFailure(stderr, name))
      throw new HostError('permission-denied', `not permitted to run ${name}`);
    return result;
  }

  /** A program may well exit with 255: coturn does. */
  async function isUp(): Promise<boolean> {
    const { exitCode } = await here.run(['ssh', ...common, '-O', 'check', '--', destination]);
    return exitCode === 0;
  }

  let ended: Promise<void> | undefined;
  return {
    destination,
    greeting,
    argv,
    run,
    isUp,
    close: () => {
      ended ??= end();
      return ended;
    },
  };
}

/** @throws {HostError} for NUL, which no argument of a program can hold */
function commandLine(argv: readonly string[]): string {
  if (argv.some(word => word.includes('\0')))
    throw new HostError('io', 'an argument with a NUL byte cannot be passed on');
  return shellLine(argv);
}

/** What everything that was under way ends with. */
export const lost = (destination: string): ConnectionLost =>
  new ConnectionLost(`the SSH connection to ${destination} was lost`);

/** About the program, and not about the ssh that waited for it. */
const lateness = (program: string, { signal, timeoutMs = 10_000 }: RunOptions): HostError =>
  new HostError(
    'timed-out',
    `${program} did not finish ${signal?.aborted ? 'in the time left' : `within ${timeoutMs / 1000} s`}`,
  );

/** env(1) or timeout(1) about the program that they were to start, in the words of GNU and of BusyBox. */
const isLaunchFailure = (stderr: string, program: string): boolean =>
  /^(?:\/\S*\/)?(?:env|timeout|sudo): /m.test(stderr) && stderr.includes(program);

/** As root where sudo lets us without a question, in English, and with the folders of administration on the PATH. */
function prefixOf({ uid, sudo, path, timeout }: Greeting, timeoutMs: number | undefined): readonly string[] {
  return [
    ...(uid !== 0 && sudo ? ['sudo', '-n', '--'] : []),
    ...['env', 'LC_ALL=C', `PATH=${path}:/usr/local/sbin:/usr/sbin:/sbin`],
    // Only a broom: turnctl itself waits no longer than this less a second.
    ...(timeout && timeoutMs !== undefined
      ? ['timeout', '-s', 'KILL', String(Math.ceil(timeoutMs / 1000) + 1)]
      : []),
  ];
}

/** Lets at most `most` pass at the same time. */
class Turnstile {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  async pass<T>(action: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    try {
      return await action();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
