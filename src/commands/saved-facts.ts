import { unknownFacts } from '../facts/unknown-facts.ts';
import type { Facts } from '../model/facts.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

const LARGEST = 64 * 1024 * 1024;

/** The facts of an earlier `--json` report. @throws {UsageError} when the file is something else, {HostError} when it cannot be read */
export async function readSavedFacts(
  path: string,
  { host, readStdin }: Pick<Io, 'host' | 'readStdin'>,
): Promise<Facts> {
  const bytes = path === '-' ? await readStdin() : await host.readFile(path, { maxBytes: LARGEST });
  const report = parseObject(new TextDecoder().decode(bytes), path);
  if (report.schemaVersion !== 1) {
    throw new UsageError(
      `${path} has schemaVersion ${JSON.stringify(report.schemaVersion)}; this turnctl reads 1`,
      'Give the output of turnctl diagnose --json.',
    );
  }
  const { facts } = report;
  if (
    !isObject(facts) ||
    typeof facts.observedAt !== 'string' ||
    Number.isNaN(Date.parse(facts.observedAt))
  ) {
    throw new UsageError(`${path} holds no facts`, 'Give the output of turnctl diagnose --json.');
  }
  const base = unknownFacts(facts.observedAt, `${path} does not have it`);
  const usable = Object.entries(facts).filter(([name, fact]) => name in base && isFact(fact));
  return { ...base, ...Object.fromEntries(usable) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFact = (value: unknown): boolean =>
  isObject(value) &&
  (value.known === true
    ? value.value !== undefined
    : value.known === false && typeof value.reason === 'string');

function parseObject(text: string, path: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UsageError(`${path} is no JSON report`, 'Give the output of turnctl diagnose --json.');
}
