/** Values of one power of two share so many buckets: a percentile is right to 1 %. */
const PER_OCTAVE = 128;
/** Up to 2^40 of the unit. */
const OCTAVES = 40;

/** Many values in little memory, for percentiles; the memory is the same however many there are. */
export class Histogram {
  readonly #buckets = new Uint32Array(PER_OCTAVE * OCTAVES);
  #count = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  /** Values below 0 count as 0; the unit is the caller's. */
  record(value: number): void {
    this.#count += 1;
    if (value > this.#max) this.#max = value;
    const index = bucketOf(value);
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
  }

  /** The value below or at which `percent` of all values are; 0 when there is none. */
  percentile(percent: number): number {
    const rank = Math.ceil((percent / 100) * this.#count);
    let seen = 0;
    for (let index = 0; index < this.#buckets.length; index++) {
      seen += this.#buckets[index] ?? 0;
      if (seen >= rank && seen > 0) return Math.min(greatestOf(index), this.#max);
    }
    return 0;
  }
}

function bucketOf(value: number): number {
  if (value < PER_OCTAVE) return Math.max(0, Math.floor(value));
  const octave = Math.floor(Math.log2(value)) - 6;
  const within = Math.floor(value / 2 ** (octave - 1)) - PER_OCTAVE;
  return Math.min(octave * PER_OCTAVE + within, PER_OCTAVE * OCTAVES - 1);
}

/** The greatest value of a bucket. */
function greatestOf(index: number): number {
  const octave = Math.floor(index / PER_OCTAVE);
  if (octave === 0) return index;
  return ((index % PER_OCTAVE) + PER_OCTAVE + 1) * 2 ** (octave - 1);
}
