import { isFiltering, matches } from '../../logs/filter.ts';
import { logHeadline } from '../../logs/headline.ts';
import { LogReader } from '../../logs/reader.ts';
import { logSection } from '../../logs/section.ts';
import type { Session } from '../../logs/session.ts';
import type { LogCauseId, LogSection, LogSession } from '../../model/log-report.ts';
import type { ExitCode, FailOn, Report, Verdict } from '../../model/report.ts';
import { sessionLines } from '../../report/logs.ts';
import { escapedJson } from '../../report/visible.ts';
import type { Io } from '../io.ts';
import { refuseOverwriting } from '../output-file.ts';
import { UsageError } from '../usage-error.ts';
import { filterOf, type LogsOptions, logFormatOf } from './options.ts';
import { openSources } from './sources.ts';

/** Sessions that a document lists; `--jsonl` has them all. */
const SESSIONS_KEPT = 1_000;

/** Reads logs and says what is in them: 1 where sessions failed for a cause of that severity. @throws {UsageError} {HostError} */
export async function runLogs(options: LogsOptions, io: Io): Promise<number> {
  const startedMs = io.clock.monotonic();
  const now = io.clock.now();
  const format = logFormatOf(options);
  const filter = filterOf(options, now);
  refuseOverwriting(options.output, options.files, io);
  const opened = await openSources(options, io);
  const filtering = isFiltering(filter);
  const timed = filter.sinceMs !== undefined || filter.untilMs !== undefined;
  const causes = new Map<LogCauseId, number>();
  const kept: Session[] = [];
  let asked = 0;
  const lines = liner(options, format, io);
  const reader = new LogReader({
    nowMs: now,
    onSession: session => {
      if (timed && session.started.atMs === null) throw withoutTimes(opened.names);
      if (filtering && !matches(session.told(), filter)) return false;
      for (const { cause, count } of session.errors) causes.set(cause, (causes.get(cause) ?? 0) + count);
      kept[asked % SESSIONS_KEPT] = session;
      asked += 1;
      lines?.(session.told());
      return true;
    },
  });
  if (options.follow === true) void io.untilStopped();
  io.progress.update(`reading ${opened.names[0]}`);
  await opened.read(
    (bytes, length) => reader.push(bytes, length),
    () => io.progress.stop(),
  );
  if (io.signal.aborted && options.follow !== true) return 130;
  reader.end();
  const oldest = asked % SESSIONS_KEPT;
  const section = logSection({
    sources: opened.names,
    reader,
    sessions: [...kept.slice(oldest), ...kept.slice(0, oldest)].map(session => session.told()),
    sessionsLeftOut: asked - kept.length,
    filtered: filtering ? causes : null,
    // Which of a user's sessions was the first is not to be told from some of them.
    ordered: filter.session === undefined && filter.error === undefined,
    verbose: opened.verbose,
  });
  const strange = reader.lines > 0 && !reader.sawVerbose && !reader.general.sawCoturn;
  const verdict = strange ? notOfCoturn(opened.names) : verdictOf(section, options.failOn);
  io.progress.stop();
  if (format !== 'jsonl') {
    const report: Report = {
      tool: { name: 'turnctl', version: io.version },
      command: 'logs',
      observedAt: new Date(now).toISOString(),
      target: { host: io.host.name, note: opened.names.join(', ') },
      verdict,
      checks: [],
      observations: [],
      timingsMs: { total: Math.round(io.clock.monotonic() - startedMs) },
      log: section,
      sources: [],
    };
    // Loaded here, and not for --jsonl: it takes as long as a small log.
    const { printReport } = await import('../print-report.ts');
    await printReport(report, { ...options, format, json: false }, io);
  }
  return verdict.exitCode;
}

/** What prints a session as soon as it ends, where that is wanted. */
function liner(
  options: LogsOptions,
  format: LogsOptions['format'],
  io: Io,
): ((session: LogSession) => void) | null {
  if (format === 'jsonl') {
    if (options.output !== undefined)
      throw new UsageError('--jsonl goes to standard output', 'Redirect it: turnctl logs --jsonl > FILE.');
    return session => io.stdout(`${escapedJson(JSON.stringify(session))}\n`);
  }
  if (options.follow !== true || format !== 'human') return null;
  return session => io.stdout(`${sessionLines(session, io.rendering.width).join('\n')}\n`);
}

const withoutTimes = (names: readonly string[]): UsageError =>
  new UsageError(
    `--since and --until need times, and the lines of ${names[0]} only count seconds since coturn started`,
    'Add new-log-timestamp to turnserver.conf, or read the journal: journalctl -u coturn -o short-iso | turnctl logs -',
  );

const notOfCoturn = (names: readonly string[]): Verdict => ({
  status: 'inconclusive',
  headline: `Nothing in ${names.join(', ')} is a line of coturn`,
  exitCode: 3,
  causes: [],
});

function verdictOf(section: LogSection, failOn: FailOn): Verdict {
  const grave = section.counts.some(({ severity }) => severity === 'error');
  const warned = section.abuse.length > 0 || section.counts.some(({ severity }) => severity === 'warning');
  const fails = failOn === 'never' ? false : failOn === 'error' ? grave : grave || warned;
  const exitCode: ExitCode = fails ? 1 : 0;
  return {
    status: grave || warned ? 'findings' : 'ok',
    headline: logHeadline(section),
    exitCode,
    causes: [],
  };
}
