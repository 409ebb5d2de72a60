/** What a seat in the room is told. */
export type RoomNews =
  /** Nobody else is here yet. */
  | { readonly kind: 'waiting' }
  /** Two are here: a call may begin, and one of them makes it. Each pair that meets has a number of its own. */
  | { readonly kind: 'meeting'; readonly round: number; readonly calls: boolean }
  | { readonly kind: 'signal'; readonly round: number; readonly signal: unknown }
  /** Two others are here already. */
  | { readonly kind: 'full' };

type Tell = (news: RoomNews) => void;

/** A room of two: what one says the other hears, in order. */
export class Room {
  /** The one who came first is first. */
  readonly #seats = new Map<string, Tell>();
  #round = 0;

  /** Takes a seat, or takes it again after a lost connection. False where both are taken; it is told so. */
  join(id: string, tell: Tell): boolean {
    if (this.#seats.size === 2 && !this.#seats.has(id)) {
      tell({ kind: 'full' });
      return false;
    }
    // Whoever comes again comes last: the one who stayed gets the call.
    this.#seats.delete(id);
    this.#seats.set(id, tell);
    this.#announce();
    return true;
  }

  /** Gives the seat up, unless somebody took it again since. */
  leave(id: string, tell: Tell): void {
    if (this.#seats.get(id) !== tell) return;
    this.#seats.delete(id);
    this.#announce();
  }

  /** Passes a signal on. False where it comes from outside, or belongs to a meeting that is over. */
  say(id: string, round: number, signal: unknown): boolean {
    if (!this.#seats.has(id) || this.#seats.size < 2 || round !== this.#round) return false;
    for (const [other, tell] of this.#seats) if (other !== id) tell({ kind: 'signal', round, signal });
    return true;
  }

  #announce(): void {
    this.#round += 1;
    const tells = [...this.#seats.values()];
    for (const [index, tell] of tells.entries()) {
      const meets = tells.length === 2;
      tell(meets ? { kind: 'meeting', round: this.#round, calls: index === 1 } : { kind: 'waiting' });
    }
  }
}
