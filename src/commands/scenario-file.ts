import { NAIVE, REFERENCE, type Scenario } from '../model/scenario.ts';
import type { Io } from './io.ts';
import { closest } from './suggestion.ts';
import { UsageError } from './usage-error.ts';

const LARGEST = 64 * 1024;

const oneOf =
  (...words: readonly string[]) =>
  (value: unknown): string | null =>
    words.includes(value as string) ? null : `must be ${words.map(word => `"${word}"`).join(' or ')}`;

const milliseconds = (value: unknown): string | null =>
  typeof value === 'number' && value >= 0 && value <= 600_000 ? null : 'must be milliseconds, 600000 at most';

const yesOrNo = (value: unknown): string | null =>
  typeof value === 'boolean' ? null : 'must be true or false';

/** What each key may hold: null for what it may, else what is wrong with it. */
const CHECKS: { readonly [K in keyof Scenario]-?: (value: unknown) => string | null } = {
  name: value => (typeof value === 'string' && value.trim() !== '' ? null : 'must be a text'),
  client: oneOf('naive', 'reference'),
  credentials: oneOf('before-call', 'on-call', 'after-local-description'),
  credentialsMs: milliseconds,
  trickle: yesOrNo,
  waitFor: oneOf('nothing', 'relay', 'gathering'),
  waitMs: milliseconds,
  policy: oneOf('all', 'relay'),
  poolSize: value =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 10 ? null : 'must be 0 to 10',
  keepEarlyCandidates: yesOrNo,
  wakeMs: milliseconds,
  signallingMs: milliseconds,
  giveUpMs: milliseconds,
  uris: value =>
    Array.isArray(value) && value.length > 0 && value.every(uri => typeof uri === 'string')
      ? null
      : 'must be a list of URIs',
};

/** Scenarios that need no file. */
const BUILT_IN: Readonly<Record<string, Scenario>> = { naive: NAIVE, reference: REFERENCE };

/**
 * A client as a file of JSON describes it; what it does not say is as in the naive one. @throws {UsageError} with the file, the
 * key and the value, {HostError} where it cannot be read
 */
export async function readScenario(path: string, { localHost }: Pick<Io, 'localHost'>): Promise<Scenario> {
  const known = BUILT_IN[path];
  if (known) return known;
  const text = new TextDecoder().decode(await localHost.readFile(path, { maxBytes: LARGEST }));
  const described = parse(text, path);
  for (const [key, value] of Object.entries(described)) {
    if (!Object.hasOwn(CHECKS, key)) {
      const near = closest(key, Object.keys(CHECKS));
      throw new UsageError(
        `${path}: a scenario has no "${key}"`,
        near === undefined ? `It has ${Object.keys(CHECKS).join(', ')}.` : `Did you mean "${near}"?`,
      );
    }
    const problem = CHECKS[key as keyof Scenario](value);
    if (problem !== null) throw new UsageError(`${path}: ${key} ${JSON.stringify(value)} ${problem}`);
  }
  return { ...NAIVE, name: path.replace(/^.*\/|\.json$/g, ''), ...described } as Scenario;
}

function parse(text: string, path: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${path} is no JSON: ${error.message}`);
  }
  throw new UsageError(`${path} holds no scenario`, 'As {"trickle": false, "waitFor": "gathering"}.');
}
