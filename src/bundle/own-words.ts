/** Under these stands what somebody wrote, and not a word of ours. */
const OF_OTHERS = /^(?:user|username|owner|group|argv|value|rawValue|source)$/;

/** `not-found`, `listener/no-stun`, `active`. */
const WORDS = /^[A-Za-z][A-Za-z/-]*$/;

/**
 * The words that a report of ours is built of: its keys, and what it has to choose from. Taken for a user name, because of
 * what stood before one of them in some log, it would change a verdict, or a rule's id.
 */
export function ownWords(report: unknown): ReadonlySet<string> {
  const words = new Set<string>();
  const add = (text: string): void => {
    for (const word of [text, ...text.split(/[^A-Za-z0-9]+/)]) words.add(word);
  };
  function walk(value: unknown, key: string): void {
    if (typeof value === 'string') {
      if (WORDS.test(value) && !OF_OTHERS.test(key)) add(value);
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, key);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        add(name);
        walk(inner, name);
      }
    }
  }
  walk(report, '');
  return words;
}
