import { gzipSync } from 'node:zlib';

/** A file of an archive. */
export interface ArchiveFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Length of a header, and what contents are filled up to (POSIX.1-1988 ustar). */
export const BLOCK_BYTES = 512;

/** Plain files, in this order, as a gzipped tar that any `tar` reads; their owner is root and their mode 0600. */
export function writeArchive(files: readonly ArchiveFile[], modifiedAtMs: number): Uint8Array {
  const seconds = Math.floor(modifiedAtMs / 1000);
  const blocks = files.flatMap(({ path, content }) => [
    header(path, content.length, seconds),
    content,
    Buffer.alloc(-content.length & (BLOCK_BYTES - 1)),
  ]);
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]));
}

/** Names of ours are shorter than the 100 bytes of the old field. */
function header(path: string, sizeBytes: number, seconds: number): Uint8Array {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(path, 0);
  block.write('0000600\0' + '0000000\0' + '0000000\0', 100);
  block.write(`${octal(sizeBytes)}\0${octal(seconds)}\0`, 124);
  block.write('        0', 148);
  block.write('ustar\x0000root', 257);
  block.write('root', 297);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const octal = (value: number): string => value.toString(8).padStart(11, '0');

/** Sum of all bytes of a header, its own field taken as blanks. */
export function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
  return sum;
}
