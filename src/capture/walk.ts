import { padded, viewOf } from '../stun/bytes.ts';
import { HEADER_SIZE } from '../stun/message.ts';

/** One attribute as it lies in the bytes; `value` is shorter than `claimed` where it runs past the end. */
export interface RawAttribute {
  readonly offset: number;
  readonly type: number;
  readonly claimed: number;
  readonly value: Uint8Array;
}

/** Every attribute that can be found after a STUN header, whatever the header's length says. */
export function walkAttributes(bytes: Uint8Array): readonly RawAttribute[] {
  const view = viewOf(bytes);
  const found: RawAttribute[] = [];
  for (let offset = HEADER_SIZE; offset + 4 <= bytes.length; ) {
    const claimed = view.getUint16(offset + 2);
    const value = bytes.subarray(offset + 4, offset + 4 + claimed);
    found.push({ offset, type: view.getUint16(offset), claimed, value });
    offset += 4 + padded(claimed);
  }
  return found;
}
