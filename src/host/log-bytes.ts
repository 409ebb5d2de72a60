import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { attempt } from './attempt.ts';
import { type Host, HostError } from './host.ts';
import { environment } from './local.ts';

/** Takes the next bytes; they are overwritten afterwards. */
export type TakeBytes = (bytes: Buffer, length: number) => void;

export interface Following {
  /** Ends the reading. */
  readonly signal: AbortSignal;
  /** Goes on at the end of the file, also after it was rotated, until `signal`. */
  readonly follow: boolean;
  /** Called where everything there is was read. */
  readonly onIdle?: () => void;
}

const PIECE = 512 * 1024;
const LOOK_AGAIN_MS = 200;

/** Reads a local file of any size, gzipped or not, in constant memory. @throws {HostError} */
export async function readLocalBytes(path: string, take: TakeBytes, following: Following): Promise<void> {
  try {
    const file = await openFile(path);
    if (await isGzipped(file)) {
      await file.close();
      await readGzipped(path, take);
    } else await readPlain(path, file, take, following);
  } catch (error) {
    throw hostErrorOf(path, error);
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const stats = await stat(path);
  if (stats.isDirectory()) throw new HostError('is-directory', `${path} is a directory`);
  if (!stats.isFile()) throw new HostError('io', `${path} is a device, socket or pipe, not a file`);
  return open(path, 'r');
}

async function isGzipped(file: FileHandle): Promise<boolean> {
  const magic = Buffer.alloc(2);
  const { bytesRead } = await file.read(magic, 0, 2, 0);
  return bytesRead === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
}

async function readGzipped(path: string, take: TakeBytes): Promise<void> {
  const unzipped = createReadStream(path).pipe(createGunzip({ chunkSize: PIECE }));
  for await (const piece of unzipped) take(piece as Buffer, (piece as Buffer).length);
}

async function readPlain(
  path: string,
  first: FileHandle,
  take: TakeBytes,
  { signal, follow, onIdle }: Following,
): Promise<void> {
  let file = first;
  let at = 0;
  try {
    for (;;) {
      at = await readToEnd(file, at, take, signal);
      if (!follow || signal.aborted) return;
      onIdle?.();
      await pause(signal);
      if (!(await isReplaced(path, file, at))) continue;
      // What was written until it was renamed.
      await readToEnd(file, at, take, signal);
      const renewed = await openFile(path);
      await file.close();
      file = renewed;
      at = 0;
    }
  } finally {
    await file.close();
  }
}

/** From `from` to the end, which is returned. The next piece is read while the last one is being looked at. */
async function readToEnd(
  file: FileHandle,
  from: number,
  take: TakeBytes,
  signal: AbortSignal,
): Promise<number> {
  const buffers = [Buffer.allocUnsafeSlow(PIECE), Buffer.allocUnsafeSlow(PIECE)] as const;
  let at = from;
  let next: Promise<{ readonly bytesRead: number }> = file.read(buffers[0], 0, PIECE, at);
  for (let turn = 0; ; turn = 1 - turn) {
    const { bytesRead } = await next;
    if (bytesRead === 0 || signal.aborted) return at;
    at += bytesRead;
    next = file.read(buffers[1 - turn] as Buffer, 0, PIECE, at);
    take(buffers[turn] as Buffer, bytesRead);
  }
}

/** Whether another file has its name now, or it was emptied. */
async function isReplaced(path: string, file: FileHandle, read: number): Promise<boolean> {
  const [old, now] = await Promise.all([file.stat(), stat(path).catch(() => null)]);
  return now !== null && (now.ino !== old.ino || now.dev !== old.dev || now.size < read);
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, LOOK_AGAIN_MS);
    signal.addEventListener('abort', end, { once: true });
  });
}

function hostErrorOf(path: string, error: unknown): unknown {
  if (error instanceof HostError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new HostError('not-found', `${path} does not exist`, { cause: error });
  if (code === 'EACCES')
    return new HostError('permission-denied', `${path}: permission denied`, {
      cause: error,
      hint: 'Run turnctl as root.',
    });
  if (code?.startsWith('Z_')) return new HostError('io', `${path} is no whole gzip file: ${message}`);
  return code === undefined ? error : new HostError('io', `${path}: ${message}`, { cause: error });
}

/** Bytes that one program of another host hands over at a time. */
const REMOTE_PIECE_MIB = 4;

/** Reads a file of a host that only runs programs, piece by piece. @throws {HostError} */
export async function readRemoteBytes(
  host: Host,
  path: string,
  take: TakeBytes,
  signal: AbortSignal,
): Promise<void> {
  const { sizeBytes } = await host.status(path);
  if (path.endsWith('.gz')) {
    throw new HostError('io', `${path} is gzipped, and is not read over SSH`, {
      hint: 'Copy it here and give it as FILE.',
    });
  }
  for (let piece = 0; piece * REMOTE_PIECE_MIB * 1024 * 1024 < sizeBytes; piece += 1) {
    if (signal.aborted) return;
    const size = `${REMOTE_PIECE_MIB}M`;
    const { exitCode, stdout, stderr } = await host.run(
      ['dd', `if=${path}`, `bs=${size}`, `skip=${piece}`, 'count=1'],
      { timeoutMs: 60_000, maxOutputBytes: 3 * REMOTE_PIECE_MIB * 1024 * 1024 },
    );
    if (exitCode !== 0) throw new HostError('io', `${path}: ${stderr.trim().split('\n')[0]}`);
    const bytes = Buffer.from(stdout);
    take(bytes, bytes.length);
  }
}

/** Reads what a program of this machine prints, while it prints it. @throws {HostError} when it cannot start or fails */
export async function readProgramBytes(
  argv: readonly string[],
  take: TakeBytes,
  { signal }: Pick<Following, 'signal'>,
): Promise<void> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment(process.env) });
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  let complaint = '';
  child.stderr.on('data', piece => {
    if (complaint.length < 1_000) complaint += piece;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  ended.catch(() => {});
  try {
    for await (const piece of child.stdout) take(piece as Buffer, (piece as Buffer).length);
    const code = await ended;
    if (code !== 0 && !signal.aborted)
      throw new HostError('io', `${program} ended with ${code}: ${complaint.trim().split('\n')[0]}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new HostError('no-such-program', `${program} is not installed`, { cause: error });
  } finally {
    signal.removeEventListener('abort', end);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}

/** What one run of a program of another host may print. */
const REMOTE_OUTPUT = 64 * 1024 * 1024;

/** Reads what a program of another host prints, up to 64 MiB of it. @throws {HostError} */
export async function readRemoteProgram(host: Host, argv: readonly string[], take: TakeBytes): Promise<void> {
  const result = await attempt(() => host.run(argv, { timeoutMs: 60_000, maxOutputBytes: REMOTE_OUTPUT }));
  if (!result.known) throw new HostError('io', result.reason);
  if (result.value.exitCode !== 0) throw new HostError('io', `${argv[0]}: ${result.value.stderr.trim()}`);
  const bytes = Buffer.from(result.value.stdout);
  take(bytes, bytes.length);
}
