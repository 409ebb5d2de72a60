/** A part of turnctl that reads what strangers wrote. */
export interface FuzzTarget {
  readonly name: 'capture' | 'codec' | 'conf' | 'uri';
  /** Real inputs, from which others are made. */
  readonly corpus: readonly Uint8Array[];
  /** Pieces that mean something to the parser. */
  readonly words: readonly Uint8Array[];
  /** The longest that a step may take, for any input of up to 64 kB. */
  readonly slowMs: number;
  /**
   * What is done with an input, one after another. A step throws when what came out cannot be right, besides what
   * the code itself throws.
   */
  readonly steps: readonly ((input: Uint8Array) => void)[];
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** @throws {Error} with the claim, when it does not hold. */
export function must(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Error(`not true: ${claim}`);
}
