import type { LogFilter } from '../../logs/filter.ts';
import type { FailOn } from '../../model/report.ts';
import type { Format } from '../options.ts';
import { UsageError } from '../usage-error.ts';

export interface LogsOptions {
  readonly files: readonly string[];
  readonly config?: string;
  readonly follow?: boolean;
  readonly user?: string;
  readonly session?: string;
  readonly since?: string;
  readonly until?: string;
  readonly error?: number | true;
  readonly format: Format | 'jsonl';
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly output?: string;
  readonly failOn: FailOn;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3 };

/** Milliseconds since 1970 of an ISO time, or of that long ago. @throws {UsageError} */
export function momentOf(flag: string, text: string, nowMs: number): number {
  const [, count, unit] = /^(\d+)\s*([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return nowMs - Number(count) * (UNITS_MS[unit] as number);
  // Without a zone it is taken as UTC, as the report prints times.
  const withZone =
    /(?:Z|[+-]\d\d:?\d\d)$/.test(text) || !/\d:\d/.test(text) ? text : `${text.replace(' ', 'T')}Z`;
  const parsed = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(withZone) : Number.NaN;
  if (!Number.isNaN(parsed)) return parsed;
  throw new UsageError(
    `${flag} ${text} is no time`,
    'Give it as 2026-01-31T12:00:00Z (UTC), or as 30m, 2h, 3d.',
  );
}

/** The filter that the flags ask for. @throws {UsageError} */
export function filterOf(options: LogsOptions, nowMs: number): LogFilter {
  const { user, session, since, until, error } = options;
  if (session !== undefined && !/^\d{1,18}$/.test(session))
    throw new UsageError(`--session ${session} is no session`, 'Sessions of coturn are numbers.');
  return {
    user,
    session,
    sinceMs: since === undefined ? undefined : momentOf('--since', since, nowMs),
    untilMs: until === undefined ? undefined : momentOf('--until', until, nowMs),
    error: error === true ? 'any' : error,
  };
}

/** `--json` and `--jsonl` are short for formats. @throws {UsageError} for two of them */
export function logFormatOf({ json, jsonl, format }: LogsOptions): LogsOptions['format'] {
  if (json === true && jsonl === true) throw new UsageError('--json and --jsonl are two formats');
  if (jsonl === true) return 'jsonl';
  return json === true ? 'json' : format;
}
