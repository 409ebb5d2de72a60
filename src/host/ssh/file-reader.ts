import { shellLine } from '../../util/shell-line.ts';
import { type FileStatus, HostError, type HostErrorCode } from '../host.ts';
import { environment } from '../local.ts';
import { lost, type SshConnection } from './connection.ts';

/** Each question must be answered in this time: a file of a dead network file system is not waited for. */
const PATIENCE_MS = 20_000;

/**
 * A shell over there that answers questions about files, one after the other: hundreds of them in the time that one
 * program takes to start over SSH. An answer is lines in base64 and a line `=`, followed by what went wrong in base64.
 * What the shell does itself spares a process.
 */
const FUNCTIONS = `
tell() { if [ -z "$1" ]; then echo =; else printf =; printf %s "$1" | base64 | tr -d '\\n'; echo; fi; }
why() { stat -- "$1" 2>&1 >/dev/null; }
file() {
  if [ -d "$1" ]; then tell 'Is a directory'; return; fi
  if [ -e "$1" ] && [ ! -f "$1" ]; then tell 'Not a regular file'; return; fi
  { e=$({ head -c "$2" -- "$1" | base64; } 2>&1 >&3 3>&-); } 3>&1
  tell "$e"
}
status() {
  { e=$({ stat -L -c '%f %u %g %s %y' -- "$1" | base64; } 2>&1 >&3 3>&-); } 3>&1
  tell "$e"
}
link() {
  if [ ! -L "$1" ]; then e=$(why "$1"); tell "\${e:-Invalid argument}"; return; fi
  { e=$({ readlink -n -v -- "$1" | base64; } 2>&1 >&3 3>&-); } 3>&1
  tell "$e"
}
directory() {
  if [ ! -d "$1" ]; then e=$(why "$1"); tell "\${e:-Not a directory}"; return; fi
  if [ ! -r "$1" ] || [ ! -x "$1" ]; then tell 'Permission denied'; return; fi
  for f in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$f" ] || [ -L "$f" ]; then printf '%s\\0' "\${f##*/}"; fi
  done | base64
  tell ''
}
`;

/** Reads files over an SSH connection. */
export class FileReader {
  readonly #connection: SshConnection;
  readonly #waiting: { resolve(bytes: Buffer): void; reject(error: Error): void; path: string }[] = [];
  #shell: Promise<{ write(text: string): void; end(): void }> | undefined;
  #ended = false;
  #text = '';
  #lines: string[] = [];

  constructor(connection: SshConnection) {
    this.#connection = connection;
  }

  /** What a file holds, at most `maxBytes` and one more. @throws {HostError} */
  file = (path: string, maxBytes: number): Promise<Buffer> =>
    this.#ask(path, ['file', path, String(maxBytes + 1)]);

  async directory(path: string): Promise<readonly string[]> {
    const names = await this.#ask(path, ['directory', path]);
    return names.toString().split('\0').slice(0, -1).sort();
  }

  async link(path: string): Promise<string> {
    return (await this.#ask(path, ['link', path])).toString();
  }

  async status(path: string): Promise<FileStatus> {
    return parseStat((await this.#ask(path, ['status', path])).toString());
  }

  async close(): Promise<void> {
    (await this.#shell)?.end();
  }

  async #ask(path: string, question: readonly string[]): Promise<Buffer> {
    if (path.includes('\0')) throw new HostError('not-found', `${path} is no possible path`);
    const answer = new Promise<Buffer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(new HostError('timed-out', `reading ${path} did not end within ${PATIENCE_MS / 1000} s`));
      }, PATIENCE_MS);
      const settle =
        <T>(how: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          how(value);
        };
      this.#waiting.push({ resolve: settle(resolve), reject: settle(reject), path });
    });
    if (this.#ended) this.#fail(lost(this.#connection.destination));
    this.#shell ??= this.#start();
    // Questions and answers must be in the same order.
    this.#shell.then(
      shell => shell.write(`${shellLine(question)} </dev/null\n`),
      error => this.#fail(error),
    );
    return answer;
  }

  async #start() {
    const { execa } = await import('execa');
    const [program = '', ...args] = this.#connection.argv(['sh', '-s']);
    const child = execa(program, args, {
      reject: false,
      detached: true,
      buffer: false,
      stdin: 'pipe',
      extendEnv: false,
      env: environment(process.env),
    });
    child.stdout?.setEncoding('latin1').on('data', (text: string) => this.#take(text));
    child.stderr?.resume();
    // Its end ends the shell over there, also when turnctl is killed.
    child.stdin?.on('error', () => {}).write(FUNCTIONS);
    child.then(() => {
      this.#ended = true;
      this.#fail(lost(this.#connection.destination));
    });
    return {
      write: (text: string) => void child.stdin?.write(text),
      end: () => void child.stdin?.end(),
    };
  }

  #take(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('=')) {
        this.#lines.push(line);
        continue;
      }
      const bytes = Buffer.from(this.#lines.join(''), 'base64');
      this.#lines = [];
      const asked = this.#waiting.shift();
      const problem = Buffer.from(line.slice(1), 'base64').toString().trim();
      if (problem === '') asked?.resolve(bytes);
      else asked?.reject(refusalOf(asked.path, problem));
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

const REFUSALS: readonly (readonly [string, HostErrorCode, string])[] = [
  ['No such file or directory', 'not-found', 'does not exist'],
  ['Not a directory', 'not-found', 'does not exist (a part of the path is no directory)'],
  ['No such process', 'not-found', 'does not exist any more'],
  ['Permission denied', 'permission-denied', 'is not readable for this user'],
  ['Operation not permitted', 'permission-denied', 'is not readable for this user'],
  ['Is a directory', 'is-directory', 'is a directory'],
  ['Not a regular file', 'io', 'is a device, socket or pipe, not a file'],
  ['Invalid argument', 'io', 'cannot be read (EINVAL)'],
];

/** What a tool wrote, as the words that the machine turnctl runs on would be refused with. */
export function refusalOf(path: string, problem: string): HostError {
  const known = REFUSALS.find(([words]) => problem.includes(words));
  return known === undefined
    ? new HostError('io', `${path} cannot be read (${problem})`)
    : new HostError(known[1], `${path} ${known[2]}`);
}

const TYPE = 0o170000;

/** `81a4 0 0 1234 2026-01-31 12:00:00.123456789 +0000`: stat(1) with `%f %u %g %s %y`. */
export function parseStat(text: string): FileStatus {
  const [mode = '', uid, gid, size, date = '', time = '', zone = '+0000'] = text.trim().split(' ');
  const bits = Number.parseInt(mode, 16);
  const type = bits & TYPE;
  const fraction = (/\.(\d{1,3})/.exec(time)?.[1] ?? '').padEnd(3, '0');
  return {
    kind: type === 0o100000 ? 'file' : type === 0o040000 ? 'directory' : 'other',
    mode: bits & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    sizeBytes: Number(size),
    modifiedAtMs: Date.parse(
      `${date}T${time.slice(0, 8)}.${fraction}${zone.replace(/(\d\d)(\d\d)$/, '$1:$2')}`,
    ),
  };
}
