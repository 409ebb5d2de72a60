import { isPlaceholder, PUBLISHED_SECRETS } from '../config/known-secrets.ts';
import { LEAST_LENGTH } from './trace-search.ts';

const QUOTED_OR_WORD = String.raw`(?:"([^"\\\n]*)\\*"|'([^'\n]*)'|([^\s"'&,;<>\\]+))`;
const NAME = String.raw`[\w-]*(?:secre?t|passw?(?:or)?d|passwd|pass|pwd|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w-]*`;

const PATTERNS = [
  new RegExp(String.raw`\b${NAME}\\*["']?\s*[=:]+\s*\\*${QUOTED_OR_WORD}`, 'gi'),
  new RegExp(String.raw`(?:^|\s)--?${NAME}[= \t]+${QUOTED_OR_WORD}`, 'gim'),
  new RegExp(String.raw`\b(?:Bearer|Basic)\s+${QUOTED_OR_WORD}`, 'g'),
  /:\/\/[^\s:/@"']*:([^\s/@"']+)@/g,
  /[?&](?:key|auth|sig|signature|code)=([^\s&"'<>]+)/gi,
  /(?:^|[\s"'])(?:--?)?users?(?:\s*=\s*|\s+)[^\s:=<>"']+:([^\s"'<>]+)/gi,
  /(?:^|\s)-[a-z]{0,20}u\s*[^\s:=<>"']+:([^\s"'<>]+)/g,
] as const;

/**
 * Secrets that a text gives away by what stands before them: `NAME=value` of a name that promises one, passwords in URIs,
 * database strings and `user=name:password`, tokens of HTTP. Wherever else they stand, they are taken out too.
 */
export const secretsIn = (text: string): readonly string[] =>
  PATTERNS.flatMap(pattern => [...text.matchAll(pattern)])
    .map(([, ...groups]) => groups.find(group => typeof group === 'string') ?? '')
    .flatMap(value => [value, decoded(value)])
    .filter(isTelling);

/** Ordinary words, numbers, paths and names would be found everywhere, and give nothing away. */
const isTelling = (value: string): boolean =>
  value.length >= 8 &&
  !/^(?:[a-z]+|\d{1,12}|\*+|[\d.:]+|\/.*|[\w-]+(?:\.[\w-]+)+)$/.test(value) &&
  !PUBLISHED_SECRETS.has(value) &&
  !isPlaceholder(value);

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return value;
    throw error;
  }
}

/** Whether it makes sense to search for a secret: a shorter one, or one that everybody knows, is an ordinary word. */
export const isSearchable = (secret: string): boolean =>
  secret.length >= LEAST_LENGTH && !PUBLISHED_SECRETS.has(secret);
