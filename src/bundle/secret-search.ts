import { groupedBy } from '../util/grouped.ts';
import { tracesOf } from './secret-traces.ts';
import { traceSearch } from './trace-search.ts';

/** From where to where in a text; `to` is the first character after it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Finds known secrets in texts, in every encoding. */
export interface SecretSearch {
  /** Where a secret stands, also one that lines break into pieces. In order, without overlaps. */
  whole(text: string): readonly Stretch[];
  /**
   * Where no more than its beginning stands, because the text was shortened there and ends in an ellipsis; with
   * `atLineEnds` also the greater half of one at the end of a line. In order, without overlaps.
   */
  cutOff(text: string, atLineEnds: boolean): readonly Stretch[];
}

/** A shorter secret may stand by chance where lines are put together, or where one ends. */
const LEAST_BROKEN = 10;

export function secretSearch(secrets: readonly string[]): SecretSearch {
  const traces = [...new Set(secrets.flatMap(tracesOf))];
  const search = traceSearch(traces);
  const long = secrets.filter(({ length }) => length >= LEAST_BROKEN).flatMap(tracesOf);
  const broken = traceSearch(long);
  const heads = headSearch(long);
  // Where words are wrapped, a line break takes the place of a blank.
  const joints: Joint[] = [
    [BREAK, ''],
    [SOFT_BREAK, ''],
    ...(secrets.some(secret => secret.includes(' ')) ? [[BREAK, ' '] as const] : []),
  ];
  return {
    whole: text =>
      merged([...hitsOf(search, text), ...joints.flatMap(joint => overBreaks(broken, text, joint))]),
    cutOff: (text, atLineEnds) => merged(heads(text, atLineEnds)),
  };
}

function hitsOf(search: ReturnType<typeof traceSearch>, text: string): Stretch[] {
  const found: Stretch[] = [];
  let end = 0;
  for (let hit = search(text); hit !== null; hit = search(text, end)) {
    end = hit.at + hit.length;
    found.push({ from: hit.at, to: end });
  }
  return found;
}

/** What is taken for a break, and what stood in its place before. */
type Joint = readonly [pattern: RegExp, glue: string];

const LINE_END = String.raw`(?:\r?\n|(?:\\r)?\\n)`;
const JOURNAL_PREFIX = String.raw`(?:\d{4}-\d\d-\d\dT\S+ \S+ [^\s[]+\[\d+\]: )?`;
/** What wrapped text and a journal put between two pieces of one word. In JSON a line break is an escape. */
const BREAK = new RegExp(String.raw`${LINE_END}[ \t]*${JOURNAL_PREFIX}`, 'g');
/** In mail. */
const SOFT_BREAK = new RegExp(`=${LINE_END}${JOURNAL_PREFIX}`, 'g');

/** A text that stands for what is taken out, once for each piece; the lines stay as they are. */
export const maskOver = (text: string, mask: string): string =>
  mask + (text.match(BREAK) ?? []).map(found => found + mask).join('');

/** Of each secret that lies over one or more line breaks, with the glue in their place. */
function overBreaks(search: ReturnType<typeof traceSearch>, text: string, [pattern, glue]: Joint): Stretch[] {
  const breaks = [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({ index, length }));
  if (breaks.length === 0) return [];
  const joined = text.replace(pattern, glue);
  let removed = 0;
  let next = 0;
  /** Where in the text the character stands that `at` is in the joined one. Asked in rising order. */
  const placeOf = (at: number): number => {
    for (let one = breaks[next]; one !== undefined && one.index - removed <= at; one = breaks[++next]) {
      removed += one.length - glue.length;
    }
    return at + removed;
  };
  return hitsOf(search, joined).map(({ from, to }) => ({ from: placeOf(from), to: placeOf(to - 1) + 1 }));
}

const HEAD = 8;

function headSearch(traces: readonly string[]) {
  const byHead = groupedBy(traces, trace => trace.slice(0, HEAD));
  const search = traceSearch([...byHead.keys()]);
  return (text: string, atLineEnds: boolean): Stretch[] =>
    hitsOf(search, text).flatMap(({ from }) => {
      const candidates = byHead.get(text.slice(from, from + HEAD)) ?? [];
      const longest = Math.max(...candidates.map(trace => cutLength(text, from, trace, atLineEnds)));
      return longest > 0 ? [{ from, to: from + longest }] : [];
    });
}

/** How much of `trace` stands there before the text was cut; 0 where it was not. */
function cutLength(text: string, from: number, trace: string, atLineEnds: boolean): number {
  let length = HEAD;
  while (length < trace.length && text[from + length] === trace[length]) length++;
  const after = text.slice(from + length, from + length + 3);
  if (after.startsWith('…') || after === '...') return length;
  return atLineEnds && length * 2 >= trace.length && /^(?:\r?\n|$)/.test(after) ? length : 0;
}

function merged(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const one of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || one.from >= last.to) result.push(one);
    else if (one.to > last.to) result[result.length - 1] = { from: last.from, to: one.to };
  }
  return result;
}
