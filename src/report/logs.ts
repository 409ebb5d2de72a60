import type { LogSection, LogSession, LogTime, SessionOutcome, Tally } from '../model/log-report.ts';
import type { Rendering } from '../model/report.ts';
import { plural, printable, shortened } from '../util/text.ts';
import { duration } from './service.ts';
import type { Style } from './style.ts';
import { labelled, wrap } from './text.ts';

const COLUMN = 10;
const SESSIONS_SHOWN = 20;

/** The log for a person: what it covers, causes, first calls against later ones, time, names, abuse, and the last sessions. */
export function renderLogs(section: LogSection, { width, unicode }: Rendering, style: Style): string[] {
  const blocks = [
    coverage(section, width, style),
    causes(section, width, style),
    calls(section, width, style),
    histogram(section, width, unicode, style),
    tallies('users', section.users, width, style),
    tallies('addresses', section.addresses, width, style),
    abuse(section, width, style),
    sessions(section, width, style),
    noise(section, width, style),
  ];
  return blocks.filter(block => block.length > 0).flatMap((block, i) => (i === 0 ? block : ['', ...block]));
}

function coverage(
  { lines, from, until, version, starts, bytes }: LogSection,
  width: number,
  { chalk }: Style,
): string[] {
  const span =
    from === null || until === null ? 'no session in it' : `${timeText(from)} to ${timeText(until)}`;
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const coturn = version === null ? '' : `, coturn ${version}`;
  const started = starts === 0 ? '' : `, ${plural(starts, 'start')}`;
  return labelled(
    'log',
    `${plural(lines, 'line')}, ${size}: ${span}${coturn}${started}`,
    width,
    0,
    COLUMN,
  ).map(line => chalk.dim(line.slice(0, COLUMN)) + line.slice(COLUMN));
}

const timeText = ({ at, afterStartSeconds }: LogTime): string =>
  at !== null ? `${at.slice(0, 19).replace('T', ' ')} UTC` : `${afterStartSeconds ?? '?'} s after a start`;

function causes({ counts }: LogSection, width: number, { chalk, severity, sign, mark }: Style): string[] {
  return counts.flatMap(({ title, count, severity: grave, meaning }) => {
    const head = `${grave === 'harmless' ? sign.passed : mark(grave)} ${String(count).padStart(7)}  ${title.padEnd(26)}`;
    const room = Math.max(24, width - head.length);
    const [first = '', ...rest] = wrap(grave === 'harmless' ? `harmless: ${meaning}` : meaning, room);
    return [
      `${grave === 'harmless' ? chalk.dim(head) : severity(grave, head)}${chalk.dim(first)}`,
      ...rest.map(line => chalk.dim(' '.repeat(head.length) + line)),
    ];
  });
}

function calls({ firstCalls, laterCalls, outcomes }: LogSection, width: number, { chalk }: Style): string[] {
  const rows: [string, string][] = [];
  if (firstCalls.users > 0) {
    rows.push([
      'first',
      `${firstCalls.failed} of ${plural(firstCalls.users, 'user')} failed at the first session`,
    ]);
    if (laterCalls.count > 0)
      rows.push(['later', `${laterCalls.failed} of ${plural(laterCalls.count, 'later session')} failed`]);
  }
  const parts = (Object.keys(OUTCOMES) as SessionOutcome[])
    .filter(outcome => outcomes[outcome] > 0)
    .map(outcome => `${outcomes[outcome]} ${OUTCOMES[outcome]}`);
  if (parts.length > 0) rows.push(['outcomes', parts.join(', ')]);
  return rows.flatMap(([label, text]) =>
    labelled(label, text, width, 0, COLUMN).map(
      line => chalk.dim(line.slice(0, COLUMN)) + line.slice(COLUMN),
    ),
  );
}

const OUTCOMES: Readonly<Record<SessionOutcome, string>> = {
  relayed: 'relayed both ways',
  'one-way': 'relayed one way only',
  'no-data': 'allocated without data',
  refused: 'refused',
  'challenge-only': 'never gave a credential',
  'tls-failed': 'no TURN at all',
  nothing: 'did nothing',
};

function histogram(
  { histogram: { buckets, bucketSeconds } }: LogSection,
  width: number,
  unicode: boolean,
  { chalk, severity }: Style,
): string[] {
  if (buckets.length < 2) return [];
  const most = Math.max(...buckets.map(({ sessions }) => sessions));
  const room = Math.max(10, width - 40);
  const [bar, bad] = unicode ? ['█', '▒'] : ['#', '!'];
  return [
    chalk.dim(`sessions by ${duration(bucketSeconds)}, refused ones as ${bad}`),
    ...buckets.map(({ from, sessions, failed }) => {
      const label =
        typeof from === 'string' ? from.slice(0, 16).replace('T', ' ') : `${duration(from)} after start`;
      const length = most === 0 ? 0 : Math.ceil((sessions / most) * room);
      const red = sessions === 0 ? 0 : Math.ceil((failed / sessions) * length);
      const bars = severity('error', bad.repeat(red)) + bar.repeat(length - red);
      return `${label.padEnd(22)} ${String(sessions).padStart(7)} ${bars}`.trimEnd();
    }),
  ];
}

function tallies(title: string, all: readonly Tally[], width: number, { chalk, severity }: Style): string[] {
  if (all.length === 0) return [];
  const room = width - 34;
  return [
    chalk.dim(
      `${title.padEnd(room)}${'sessions'.padStart(10)}${'refused'.padStart(10)}${'traffic'.padStart(12)}`,
    ),
    ...all.map(({ name, sessions, failed, bytes }) => {
      const refused = String(failed).padStart(10);
      return `${shortened(printable(name), room - 1).padEnd(room)}${String(sessions).padStart(10)}${failed > 0 ? severity('error', refused) : refused}${traffic(bytes).padStart(12)}`;
    }),
  ];
}

const traffic = (bytes: number): string =>
  bytes < 1e3
    ? `${bytes} B`
    : bytes < 1e6
      ? `${(bytes / 1e3).toFixed(1)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;

function abuse({ abuse: found }: LogSection, width: number, { severity, sign }: Style): string[] {
  return found.flatMap(({ kind, evidence }) => {
    const [first = '', ...rest] = wrap(`${kind}: ${evidence}`, width - 2);
    return [severity('warning', `${sign.warning} ${first}`), ...rest.map(line => `  ${line}`)];
  });
}

function sessions(
  { sessions: all, sessionCount }: LogSection,
  width: number,
  { chalk, severity }: Style,
): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(-SESSIONS_SHOWN);
  const title = shown.length < sessionCount ? `last ${shown.length} of ${sessionCount} sessions` : 'sessions';
  return [
    chalk.dim(title),
    ...shown.flatMap(session => {
      const lines = sessionLines(session, width);
      return session.outcome === 'refused' ? lines.map(line => severity('error', line)) : lines;
    }),
  ];
}

/** One session in one line, wrapped where it does not fit. */
export function sessionLines(session: LogSession, width: number): string[] {
  const { id, user, client, transport, relayed, peers, peerCount, fromClient, outcome, ending, errors, run } =
    session;
  const when = session.started.at?.slice(11, 19) ?? `${session.started.afterStartSeconds ?? '?'} s`;
  const parts = [
    `${run > 1 ? `run ${run}, ` : ''}${when} ${id.replace(/^0+(?=.)/, '')} ${user === null ? 'nobody' : printable(user)}`,
    `${client ?? 'address not told'}${transport === null ? '' : `/${transport}`}`,
    ...(relayed.length === 0 ? [] : [`relayed ${relayed.join(' ')}`]),
    ...(peerCount === 0 ? [] : [`${plural(peerCount, 'peer')} ${peers.slice(0, 3).join(' ')}`]),
    ...(fromClient.receivedBytes === 0
      ? []
      : [`${traffic(fromClient.receivedBytes)} in, ${traffic(fromClient.sentBytes)} out`]),
    ...errors
      .filter(({ cause }) => cause !== 'challenge')
      .map(({ cause, code, count }) => `${code ?? ''} ${cause}${count > 1 ? ` x${count}` : ''}`.trim()),
    `${OUTCOMES[outcome]}, ${ending}${session.durationSeconds === null ? '' : ` after ${duration(session.durationSeconds)}`}`,
  ];
  const [first = '', ...rest] = wrap(parts.join('; '), width - 4);
  return [first, ...rest.map(line => `    ${line}`)];
}

function noise({ otherErrors, harmless }: LogSection, width: number, { chalk }: Style): string[] {
  return [
    ...otherErrors.flatMap(({ text, count }) => wrap(`${count} × ${printable(text)}`, width)),
    ...harmless.flatMap(({ text, count, why }) =>
      wrap(`harmless: ${count} × ${text} (${why})`, width).map(line => chalk.dim(line)),
    ),
  ];
}
