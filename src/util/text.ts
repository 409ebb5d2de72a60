/** `1 rule`, `2 rules`. */
export const plural = (count: number, singular: string, many = `${singular}s`): string =>
  `${count} ${count === 1 ? singular : many}`;

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

/**
 * Edits that turn one word into the other: insert, delete, replace a character, or swap two neighbours.
 * Gives up with Infinity as soon as it must be above `limit`.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      row.push(Math.min(replaced, swapped, above[j]! + 1, row[j - 1]! + 1));
    }
    if (Math.min(...row) > limit) return Number.POSITIVE_INFINITY;
    [before, above] = [above, row];
  }
  return above[b.length]!;
}

/** Which letters a word has, as bits; every other character is one more of them. */
export function lettersOf(word: string): number {
  let bits = 0;
  for (let i = 0; i < word.length; i++) {
    const letter = word.charCodeAt(i) - 97;
    bits |= 1 << (letter >= 0 && letter < 26 ? letter : 26);
  }
  return bits;
}

/** A lower bound of the edit distance of two words, from their `lettersOf`: each letter that only one has is an edit. */
export const lettersApart = (a: number, b: number): number => Math.max(bitCount(a & ~b), bitCount(b & ~a));

/** Of a 32-bit number, by adding up neighbours: pairs of bits, then groups of four, then bytes. */
function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Characters that act on a terminal or reorder what is read instead of being seen: C0, C1, line and bidi controls. */
export const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Control characters and broken text made visible, so that text from a file or the wire cannot drive the terminal. */
export const printable = (text: string): string =>
  text.replace(CONTROL, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** The first `width` characters, with an ellipsis when something was cut. */
export const shortened = (text: string, width: number, ellipsis = '…'): string =>
  text.length <= width ? text : text.slice(0, Math.max(0, width - ellipsis.length)) + ellipsis;
