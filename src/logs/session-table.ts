import type { Session } from './session.ts';

/** Open sessions kept: a server that never says how they end must not fill the memory. */
const MOST = 20_000;

/** Open sessions by thread, then by number: both are small integers, which a Map finds fastest. */
export class SessionTable {
  readonly #threads = new Map<number, Map<number, Session>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(thread: number, count: number): Session | undefined {
    return this.#threads.get(thread)?.get(count);
  }

  /** Returns the one that had to go for it, if any: the oldest of this thread, or of another. */
  add(thread: number, count: number, session: Session): Session | undefined {
    const sessions = this.#threads.get(thread) ?? new Map<number, Session>();
    this.#threads.set(thread, sessions);
    const evicted = this.#size >= MOST ? this.#evict(sessions) : undefined;
    sessions.set(count, session);
    this.#size += 1;
    return evicted;
  }

  remove(thread: number, count: number): void {
    if (this.#threads.get(thread)?.delete(count)) this.#size -= 1;
  }

  /** Takes all of them out. */
  clear(): readonly Session[] {
    const all = [...this.#threads.values()].flatMap(sessions => [...sessions.values()]);
    this.#threads.clear();
    this.#size = 0;
    return all;
  }

  #evict(preferred: Map<number, Session>): Session | undefined {
    const sessions =
      preferred.size > 0 ? preferred : [...this.#threads.values()].find(({ size }) => size > 0);
    const oldest = sessions?.entries().next().value;
    if (oldest === undefined) return undefined;
    sessions?.delete(oldest[0]);
    this.#size -= 1;
    return oldest[1];
  }
}
