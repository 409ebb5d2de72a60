import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { TakeBytes } from './log-bytes.ts';

const PIECE = 512 * 1024;

/** Unpacks gzipped bytes in constant memory; false where their end is missing, after what there is was taken. */
export async function gunzipInto(packed: AsyncIterable<Uint8Array>, take: TakeBytes): Promise<boolean> {
  try {
    await pipeline(packed, createGunzip({ chunkSize: PIECE }), async pieces => {
      for await (const piece of pieces as AsyncIterable<Buffer>) take(piece, piece.length);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR') return false;
    throw error;
  }
}
