import type { Random } from './random.ts';

/** Inputs stay below this, the size up to which `SLOW_MS` is promised. */
export const MAX_BYTES = 65_535;

const INTERESTING = [0x00, 0x01, 0x04, 0x0a, 0x0d, 0x20, 0x22, 0x23, 0x3d, 0x3f, 0x40, 0x7f, 0x80, 0xff];

/** An input made from a real one, or one time in sixteen from nothing. */
export function mutant(
  corpus: readonly Uint8Array[],
  words: readonly Uint8Array[],
  random: Random,
): Uint8Array {
  if (random.below(16) === 0) return noise(random);
  let bytes = random.pick(corpus);
  for (let changes = 1 + random.below(6); changes > 0; changes--) {
    bytes = change(bytes, { corpus, words, random });
  }
  return bytes.subarray(0, MAX_BYTES);
}

function noise(random: Random): Uint8Array {
  const size = random.below(random.pick([4, 32, 512, MAX_BYTES]));
  return Uint8Array.from({ length: size }, () => random.below(256));
}

interface Material {
  readonly corpus: readonly Uint8Array[];
  readonly words: readonly Uint8Array[];
  readonly random: Random;
}

function change(bytes: Uint8Array, { corpus, words, random }: Material): Uint8Array {
  const at = random.below(bytes.length + 1);
  const size = Math.min(1 + random.below(random.pick([2, 8, 64, 1024])), bytes.length - at);
  const range = bytes.subarray(at, at + size);
  switch (random.below(8)) {
    case 0:
      return replaced(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.below(8))));
    case 1:
      return replaced(bytes, at, 1, Uint8Array.of(random.pick(INTERESTING)));
    case 2:
      return replaced(bytes, at, size, new Uint8Array(0));
    case 3:
      return replaced(bytes, at, 0, range);
    case 4:
      return replaced(bytes, at, random.below(2) * size, random.pick(words));
    case 5:
      return bytes.subarray(0, at);
    case 6:
      return replaced(bytes, at, 0, repeated(range, random.below(random.pick([4, 200]))));
    default:
      return replaced(bytes, at, bytes.length, random.pick(corpus).subarray(at));
  }
}

function replaced(bytes: Uint8Array, at: number, size: number, by: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...by, ...bytes.subarray(at + size)]);
}

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  const whole = new Uint8Array(Math.min(bytes.length * times, MAX_BYTES));
  for (let at = 0; at < whole.length; at++) whole[at] = bytes[at % bytes.length]!;
  return whole;
}
