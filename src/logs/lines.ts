const NEWLINE = 10;
/** Far above any line of coturn; the rest of a longer one is dropped. */
const LONGEST_LINE = 64 * 1024;

/** Takes one line, without its end, as bytes `from` to `to`. The bytes are only valid during the call. */
export type OnLine = (bytes: Buffer, from: number, to: number) => void;

/** Cuts a stream of bytes into lines, without a copy except where a line spans two pieces. */
export class LineCutter {
  readonly #onLine: OnLine;
  #carry: Buffer = Buffer.alloc(0);

  constructor(onLine: OnLine) {
    this.#onLine = onLine;
  }

  push(bytes: Buffer, length = bytes.length): void {
    let from = 0;
    if (this.#carry.length > 0) {
      const end = bytes.indexOf(NEWLINE);
      if (end === -1 || end >= length) {
        this.#keep(bytes, 0, length);
        return;
      }
      this.#keep(bytes, 0, end);
      this.#emitCarry();
      from = end + 1;
    }
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from);
      if (end === -1 || end >= length) break;
      this.#onLine(bytes, from, end);
      from = end + 1;
    }
    this.#keep(bytes, from, length);
  }

  /** The last line may lack its end. */
  end(): void {
    if (this.#carry.length > 0) this.#emitCarry();
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    const room = LONGEST_LINE - this.#carry.length;
    if (from === to || room <= 0) return;
    this.#carry = Buffer.concat([this.#carry, bytes.subarray(from, Math.min(to, from + room))]);
  }

  #emitCarry(): void {
    const line = this.#carry;
    this.#carry = Buffer.alloc(0);
    this.#onLine(line, 0, line.length);
  }
}
