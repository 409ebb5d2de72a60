import type { LogSession } from '../model/log-report.ts';
import { CAUSES } from './causes.ts';
import { personOf } from './tallies.ts';

/** Which sessions are asked for; nothing set is all of them. */
export interface LogFilter {
  readonly user?: string | undefined;
  /** With or without the zeros in front. */
  readonly session?: string | undefined;
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** A code, or any error that is not harmless. */
  readonly error?: number | 'any' | undefined;
}

export const isFiltering = (filter: LogFilter): boolean =>
  Object.values(filter).some(value => value !== undefined);

/** Whether the session is asked for. A span of time takes every session that overlaps it. */
export function matches(session: LogSession, filter: LogFilter): boolean {
  const { user, session: id, sinceMs, untilMs, error } = filter;
  if (
    user !== undefined &&
    (session.user === null || !(session.user === user || personOf(session.user) === user))
  )
    return false;
  if (id !== undefined && withoutZeros(session.id) !== withoutZeros(id)) return false;
  if (error === 'any' && !session.errors.some(({ cause }) => CAUSES[cause].severity !== 'harmless'))
    return false;
  if (
    typeof error === 'number' &&
    !session.errors.some(({ code, cause }) => code === error && cause !== 'challenge')
  )
    return false;
  if (sinceMs === undefined && untilMs === undefined) return true;
  const started = session.started.at === null ? null : Date.parse(session.started.at);
  if (started === null) return false;
  // An open session goes on.
  const ended = session.ended?.at == null ? Number.POSITIVE_INFINITY : Date.parse(session.ended.at);
  return (sinceMs === undefined || ended >= sinceMs) && (untilMs === undefined || started <= untilMs);
}

const withoutZeros = (id: string): string => id.replace(/^0+(?=.)/, '');
