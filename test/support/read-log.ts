import { LogReader } from '../../src/logs/reader.ts';
import type { LogCauseId, LogSession } from '../../src/model/log-report.ts';

/** When tests read logs. */
export const READ_AT = Date.parse('2026-11-24T14:00:00Z');

/** What a log says, in pieces of `piece` bytes. */
export function readLog(text: string, piece = 7) {
  const sessions: LogSession[] = [];
  const reader = new LogReader({
    nowMs: READ_AT,
    onSession: session => {
      sessions.push(session.told());
      return true;
    },
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece));
  reader.end();
  const causes: Partial<Record<LogCauseId, number>> = Object.fromEntries(reader.tallies.causes);
  return { reader, sessions, causes };
}
