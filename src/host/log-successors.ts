import { basename, dirname, join } from 'node:path';

/**
 * Names that coturn may go on with after `name`: another date without `simple-log`, and another process id where it chose
 * the name itself (`turn_4711_2026-01-31.log`). Null for a name without a date.
 */
export function successorPattern(name: string): RegExp | null {
  const match = /^(.*)\d{4}-\d\d-\d\d(.*?)$/.exec(name);
  if (!match) return null;
  const [, front = '', tail = ''] = match;
  const before = /^turn_\d+_$/.test(front) ? 'turn_\\d+_' : escaped(front);
  return new RegExp(`^${before}\\d{4}-\\d\\d-\\d\\d${escaped(tail)}$`);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** The files that coturn opens instead of one that is being followed, as they come up. */
export class LogSuccessors {
  readonly #folder: string;
  readonly #pattern: RegExp | null;
  readonly #read: (folder: string) => Promise<readonly string[]>;
  #known: ReadonlySet<string> = new Set();

  private constructor(path: string, read: (folder: string) => Promise<readonly string[]>) {
    this.#folder = dirname(path);
    this.#pattern = successorPattern(basename(path));
    this.#read = read;
  }

  /** What is there now is no successor: it may be of days ago, or of another coturn. */
  static async of(
    path: string,
    read: (folder: string) => Promise<readonly string[]>,
  ): Promise<LogSuccessors> {
    const successors = new LogSuccessors(path, read);
    successors.#known = new Set(await successors.#names());
    return successors;
  }

  /** Path of the file that came up since, told once; null without one. */
  async next(): Promise<string | null> {
    const fresh = (await this.#names()).find(name => !this.#known.has(name));
    if (fresh === undefined) return null;
    this.#known = new Set([...this.#known, fresh]);
    return join(this.#folder, fresh);
  }

  async #names(): Promise<readonly string[]> {
    const pattern = this.#pattern;
    if (pattern === null) return [];
    return [...(await this.#read(this.#folder))].filter(name => pattern.test(name)).sort();
  }
}
