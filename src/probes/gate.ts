import type { Clock } from '../net/net.ts';

/** Opens once everybody has passed, or has had the time to. */
export class Gate {
  readonly #clock: Clock;
  readonly #opened: Promise<void>;
  #missing: number;
  #open = () => {};

  constructor(clock: Clock, expected: number) {
    this.#clock = clock;
    this.#missing = expected;
    this.#opened = new Promise(resolve => {
      this.#open = resolve;
    });
    if (expected === 0) this.#open();
  }

  pass(): void {
    this.#missing -= 1;
    if (this.#missing <= 0) this.#open();
  }

  /** Waits for the others, so long at most. */
  async wait(mostMs: number): Promise<void> {
    let cancel = () => {};
    const late = new Promise<void>(resolve => {
      cancel = this.#clock.schedule(mostMs, resolve);
    });
    await Promise.race([this.#opened, late]);
    cancel();
  }
}
