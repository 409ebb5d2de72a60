import { constants, gunzipSync } from 'node:zlib';
import { type ArchiveFile, BLOCK_BYTES, checksum } from './archive.ts';

/** Far above any bundle of ours; a bomb ends here. */
const MOST_BYTES = 64 << 20;
const MOST_FILES = 1000;

/** The magic number of gzip, RFC 1952 §2.3.1. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Why bytes are no bundle, in words for `FILE: …`. */
export interface Malformed {
  readonly malformed: string;
}

/**
 * The files of an archive that may come from anybody: into memory and nowhere else, with bounds on everything, and nothing
 * but plain files under plain names.
 */
export function readArchive(bytes: Uint8Array): readonly ArchiveFile[] | Malformed {
  const tar = unzipped(bytes);
  if ('malformed' in tar) return tar;
  const files = new Map<string, ArchiveFile>();
  for (let offset = 0; offset + BLOCK_BYTES <= tar.length; ) {
    const block = tar.subarray(offset, offset + BLOCK_BYTES);
    if (block.every(byte => byte === 0)) break;
    const file = readHeader(block);
    if ('malformed' in file) return file;
    const { path, sizeBytes } = file;
    if (files.has(path)) return { malformed: `it holds ${path} twice` };
    if (files.size === MOST_FILES) return { malformed: `it holds more than ${MOST_FILES} files` };
    const start = offset + BLOCK_BYTES;
    if (start + sizeBytes > tar.length) return { malformed: `it ends within ${path}` };
    files.set(path, { path, content: tar.subarray(start, start + sizeBytes) });
    offset = start + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files.size === 0 ? { malformed: 'it is no tar archive' } : [...files.values()];
}

function unzipped(bytes: Uint8Array): Uint8Array | Malformed {
  if (!isGzip(bytes)) return { malformed: 'it is not gzipped' };
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES, finishFlush: constants.Z_FINISH });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      return { malformed: `it unpacks to more than ${MOST_BYTES >> 20} MiB` };
    }
    if (code === 'Z_BUF_ERROR') return { malformed: 'it is cut short' };
    if (code?.startsWith('Z_')) return { malformed: 'its gzip data are broken' };
    throw error;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '5': 'a directory',
  '6': 'a pipe',
};

function readHeader(block: Uint8Array): { path: string; sizeBytes: number } | Malformed {
  const text = Buffer.from(block.buffer, block.byteOffset, block.length);
  const field = (from: number, to: number) => text.toString('latin1', from, to).replace(/\0.*/s, '');
  const number = (from: number, to: number) => {
    const digits = field(from, to).trim();
    return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
  };
  if (number(148, 156) !== checksum(block)) return { malformed: 'a header of its tar archive is broken' };
  const path = field(0, 100);
  if (field(345, 500) !== '' || !isPlainPath(path)) {
    return { malformed: `it holds a file under a name that turnctl never writes: ${path.slice(0, 60)}` };
  }
  const kind = field(156, 157);
  if (kind !== '0' && kind !== '') return { malformed: `${path} is ${KINDS[kind] ?? 'no plain file'}` };
  const sizeBytes = number(124, 136);
  return Number.isNaN(sizeBytes) ? { malformed: `${path} has no size` } : { path, sizeBytes };
}

/** `report.json`, `logs/coturn.log`: no way up, none from the root, nothing that a shell or a terminal acts on. */
const isPlainPath = (path: string): boolean => /^[\w-][\w.-]*(?:\/[\w-][\w.-]*){0,3}$/.test(path);
