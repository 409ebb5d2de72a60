import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { HostError } from './host.ts';
import { gunzipInto } from './log-gunzip.ts';
import { LogSuccessors } from './log-successors.ts';

/** Takes the next bytes; they are overwritten afterwards. */
export type TakeBytes = (bytes: Buffer, length: number) => void;

/** Takes all that comes, until its end. */
export async function takeAll(pieces: AsyncIterable<Uint8Array>, take: TakeBytes): Promise<void> {
  for await (const piece of pieces)
    take(Buffer.from(piece.buffer, piece.byteOffset, piece.length), piece.length);
}

export interface Following {
  /** Ends the reading. */
  readonly signal: AbortSignal;
  /** Goes on at the end of the file, also after it was rotated, until `signal`. */
  readonly follow: boolean;
  /** Called where everything there is was read. */
  readonly onIdle?: () => void;
  /** Called for a gzip file that lacks its end, after what there is was taken. */
  readonly onCutShort?: (path: string) => void;
}

const PIECE = 512 * 1024;
const LOOK_AGAIN_MS = 200;

/** Reads a local file of any size, gzipped or not, in constant memory. @throws {HostError} */
export async function readLocalBytes(path: string, take: TakeBytes, following: Following): Promise<void> {
  try {
    const file = await openFile(path);
    if (await isGzipped(file)) {
      await file.close();
      if (!(await gunzipInto(createReadStream(path), take))) following.onCutShort?.(path);
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

async function readPlain(
  first: string,
  opened: FileHandle,
  take: TakeBytes,
  { signal, follow, onIdle }: Following,
): Promise<void> {
  let path = first;
  let file = opened;
  let at = 0;
  const successors = follow ? await LogSuccessors.of(path, readdir) : null;
  try {
    for (;;) {
      at = await readToEnd(file, at, take, signal);
      if (!follow || signal.aborted) return;
      onIdle?.();
      await pause(signal);
      const next = (await successors?.next()) ?? path;
      if (next === path && !(await isReplaced(path, file, at))) continue;
      // What was written until it was renamed, or its day was over.
      await readToEnd(file, at, take, signal);
      path = next;
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
