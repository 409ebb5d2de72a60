import { closeSync, constants as fsConstants, fstatSync, openSync, readSync } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type FileStatus, type Host, HostError, type HostErrorCode } from './host.ts';
import { runProgram } from './run-program.ts';

const DEFAULT_MAX_FILE_BYTES = 16 * 1024 * 1024;

/** The machine turnctl runs on. */
export function localHost(): Host {
  return { name: hostname(), run: runProgram, readFile, readDirectory, readLink, status };
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
