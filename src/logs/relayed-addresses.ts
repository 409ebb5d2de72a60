/**
 * Relayed addresses stand on a line of their own, without a session, before the line of their allocation: which one is
 * whose is sure only while lines of no other thread came in between.
 */
export class RelayedAddresses {
  #waiting: readonly string[] = [];
  /** Allocations to come whose address cannot be told. */
  #ambiguous = 0;

  keep(address: string): void {
    this.#waiting = this.#waiting.concat(address);
    if (this.#waiting.length === 1) return;
    // One allocation may have one of each family.
    const families = new Set(this.#waiting.map(isIpv6));
    if (families.size === this.#waiting.length) return;
    this.#ambiguous += this.#waiting.length;
    this.#waiting = [];
  }

  /** Those of the allocation that was just made; none where that is not sure. */
  take(): readonly string[] {
    if (this.#ambiguous > 0) {
      this.#ambiguous -= 1;
      return [];
    }
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  forget(): void {
    this.#waiting = [];
    this.#ambiguous = 0;
  }
}

const isIpv6 = (address: string): boolean => address.startsWith('[') || address.split(':').length > 2;
