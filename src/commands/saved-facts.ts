import { isGzip } from '../bundle/read-archive.ts';
import { unknownFacts } from '../facts/unknown-facts.ts';
import { unknown } from '../model/fact.ts';
import type { Facts } from '../model/facts.ts';
import { isNestedDeeper } from '../util/json-depth.ts';
import { bundleOf, reportOf, warnOfChanges } from './bundle/read.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

const LARGEST = 64 * 1024 * 1024;

/** Far above any report; what prints it goes down by recursion. */
const DEEPEST = 200;

const WHAT_TO_GIVE = 'Give the output of turnctl diagnose --json, or of turnctl bundle create.';

/** What an earlier run saw. */
export interface Saved {
  readonly facts: Facts;
  /** The name of the host it looked at. */
  readonly host: string;
}

/** What an earlier `--json` report or a bundle holds. @throws {UsageError} when the file is something else, {HostError} when it cannot be read */
export async function readSavedFacts(
  path: string,
  { localHost: host, readStdin, stderr }: Pick<Io, 'localHost' | 'readStdin' | 'stderr'>,
): Promise<Saved> {
  const bytes = path === '-' ? await readStdin() : await host.readFile(path, { maxBytes: LARGEST });
  if (!isGzip(bytes)) return savedFacts(new TextDecoder().decode(bytes), path);
  const bundle = bundleOf(bytes, path);
  warnOfChanges(bundle, path, { stderr });
  return savedFacts(reportOf(bundle, path), path);
}

/** What the text of a report holds. @throws {UsageError} when it is something else */
export function savedFacts(text: string, path: string): Saved {
  if (isNestedDeeper(text, DEEPEST)) throw new UsageError(`${path} is nested too deep`, WHAT_TO_GIVE);
  const report = parseObject(text, path);
  if (report.schemaVersion !== 1) {
    const found = String(JSON.stringify(report.schemaVersion)).slice(0, 40);
    throw new UsageError(`${path} has schemaVersion ${found}; this turnctl reads 1`, WHAT_TO_GIVE);
  }
  const { facts } = report;
  if (!isObject(facts) || !isTime(facts.observedAt))
    throw new UsageError(`${path} holds no facts`, WHAT_TO_GIVE);
  const base = unknownFacts(facts.observedAt, `${path} does not have it`);
  const usable = Object.entries(facts)
    .filter(([name, fact]) => Object.hasOwn(base, name) && isFact(fact))
    .map(([name, fact]) => [name, isSound(name, fact) ? fact : unknown(`it is damaged in ${path}`)]);
  const host = isObject(report.target) ? report.target.host : undefined;
  return {
    facts: { ...base, ...Object.fromEntries(usable) },
    host: typeof host === 'string' ? host : 'unknown',
  };
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));

const isFact = (value: unknown): value is Json =>
  isObject(value) &&
  (value.known === true
    ? typeof value.value === 'object' && value.value !== null
    : value.known === false && typeof value.reason === 'string');

/**
 * Whether a fact has the shape that the runner and the reporters count on, who are not rules and must not crash. Rules may:
 * one that stumbles over the rest is reported as crashed.
 */
function isSound(name: string, fact: unknown): boolean {
  if (!isObject(fact) || fact.known !== true || !isObject(fact.value)) return true;
  const { value } = fact;
  if (name === 'config') {
    return (
      typeof value.path === 'string' &&
      isListOf(value.entries, isEntry) &&
      isListOf(value.faults, isObject) &&
      isListOf(value.ignores, ignore => isObject(ignore) && typeof ignore.rule === 'string')
    );
  }
  if (name === 'wire') {
    return isListOf(value.observations, isObservation) && isListOf(value.notOffered ?? [], isObservation);
  }
  return name !== 'version' || (typeof value.version === 'string' && typeof value.origin === 'string');
}

const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);

const isEntry = (entry: unknown): boolean =>
  isObject(entry) &&
  ['file', 'name', 'source', 'origin'].every(key => typeof entry[key] === 'string') &&
  ['line', 'column', 'valueColumn'].every(key => Number.isSafeInteger(entry[key]));

const isObservation = (observation: unknown): boolean =>
  isObject(observation) &&
  ['probe', 'uri', 'transport', 'outcome'].every(key => typeof observation[key] === 'string') &&
  isObject(observation.stagesMs) &&
  Object.values(observation.stagesMs).every(Number.isFinite) &&
  (observation.server === undefined || isAddress(observation.server));

const isAddress = (address: unknown): boolean =>
  isObject(address) && typeof address.ip === 'string' && Number.isSafeInteger(address.port);

function parseObject(text: string, path: string): Json {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UsageError(`${path} is no JSON report`, WHAT_TO_GIVE);
}
