import type { Check } from '../model/report.ts';
import { baselineOf, type KnownFinding } from '../rules/baseline.ts';
import { plural } from '../util/text.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

const LARGEST = 64 * 1024 * 1024;
const HINT = 'Write one with --write-baseline FILE.';

/** What `--baseline` holds; nothing without it. @throws {UsageError} when it is something else, {HostError} */
export async function readBaseline(path: string | undefined, io: Io): Promise<readonly KnownFinding[]> {
  if (path === undefined) return [];
  const text = new TextDecoder().decode(await io.localHost.readFile(path, { maxBytes: LARGEST }));
  const findings = parsed(text)?.findings;
  if (Array.isArray(findings) && findings.every(isKnownFinding)) return findings;
  throw new UsageError(`${path} is no baseline`, HINT);
}

/**
 * Judges with the baseline, or takes one down first (`--write-baseline`), by which nothing is new then. How much it
 * kept from being shown goes to standard error. @throws {HostError}
 */
export async function judgeWithBaseline(
  judge: (baseline: readonly KnownFinding[]) => Check[],
  { baseline, writeTo }: { readonly baseline: readonly KnownFinding[]; readonly writeTo: string | undefined },
  io: Io,
): Promise<Check[]> {
  let known = baseline;
  if (writeTo !== undefined) {
    known = baselineOf(judge([]));
    await io.writeFile(writeTo, `${JSON.stringify({ schemaVersion: 1, findings: known }, null, 2)}\n`);
  }
  const checks = judge(known);
  const count = checks.reduce((sum, { inBaseline = 0 }) => sum + inBaseline, 0);
  if (count > 0) io.stderr(`turnctl: ${plural(count, 'finding')} in the baseline\n`);
  return checks;
}

function parsed(text: string): { readonly schemaVersion?: unknown; readonly findings?: unknown } | null {
  try {
    const document: unknown = JSON.parse(text);
    const isBaseline = typeof document === 'object' && document !== null && 'schemaVersion' in document;
    return isBaseline && document.schemaVersion === 1 ? document : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const isKnownFinding = (value: unknown): value is KnownFinding =>
  typeof value === 'object' &&
  value !== null &&
  'rule' in value &&
  'message' in value &&
  'count' in value &&
  typeof value.count === 'number';
