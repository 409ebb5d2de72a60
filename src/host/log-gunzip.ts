import { pipeline } from 'node:stream/promises';
import { constants, createGunzip } from 'node:zlib';
import type { TakeBytes } from './log-bytes.ts';

const PIECE = 512 * 1024;

/**
 * Unpacks gzipped bytes in constant memory; false where their end is missing, after what there is was taken. `open` is
 * called once more then: a strict reader holds back what came before the cut.
 */
export async function gunzipInto(open: () => AsyncIterable<Uint8Array>, take: TakeBytes): Promise<boolean> {
  let taken = 0;
  const unpack = (finishFlush: number, skip: number) => {
    let at = 0;
    return pipeline(open(), createGunzip({ chunkSize: PIECE, finishFlush }), async pieces => {
      for await (const piece of pieces as AsyncIterable<Buffer>) {
        const fresh = piece.subarray(Math.max(0, Math.min(piece.length, skip - at)));
        at += piece.length;
        if (fresh.length === 0) continue;
        taken += fresh.length;
        take(fresh, fresh.length);
      }
    });
  };
  try {
    await unpack(constants.Z_FINISH, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw error;
    await unpack(constants.Z_SYNC_FLUSH, taken);
    return false;
  }
}
