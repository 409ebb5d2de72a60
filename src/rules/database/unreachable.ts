import { authentication } from '../../config/effective.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import type { Severity } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { printable, shortened } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';
import { restartCommand } from '../service-commands.ts';

interface Driver {
  readonly name: string;
  readonly option: 'userdb' | 'psql-userdb' | 'mysql-userdb' | 'mongo-userdb' | 'redis-userdb';
  /** What coturn 4.5 to 4.18 logs when it fails, and when it is connected again. */
  readonly failed: RegExp;
  readonly connected: RegExp;
}

const DRIVERS: readonly Driver[] = [
  {
    name: 'SQLite',
    option: 'userdb',
    failed: /Cannot open SQLite DB connection|Error retrieving SQLite DB information/,
    connected: /SQLite DB connection success/,
  },
  {
    name: 'PostgreSQL',
    option: 'psql-userdb',
    failed: /Cannot open PostgreSQL DB connection|Error retrieving PostgreSQL DB information/,
    connected: /PostgreSQL DB connection success/,
  },
  {
    name: 'MySQL',
    option: 'mysql-userdb',
    failed: /Cannot (?:open|initialize|connect to) MySQL DB|Error retrieving MySQL DB information/,
    connected: /MySQL DB connection success/,
  },
  {
    name: 'MongoDB',
    option: 'mongo-userdb',
    failed: /Cannot (?:open|initialize|parse) MongoDB|Error (?:querying|retrieving).* MongoDB/,
    connected: /MongoDB connection success|Opened MongoDB/,
  },
  {
    name: 'Redis',
    option: 'redis-userdb',
    // "async" is the statistics database, which no call depends on.
    failed: /Cannot (?:open|initialize) Redis DB connection/,
    connected: /Redis DB sync connection success/,
  },
];

export default defineRule({
  id: 'database/unreachable',
  meta: {
    title: 'The user database does not answer',
    effect: 'Users of the database are refused',
    why: 'coturn starts without its database and answers 401 to every user it cannot look up. Accounts in the file go on working, and so does a secret in the file where the database is SQLite.',
    remedy:
      'Start the database, correct the connection string, or give the user of the service access to its file.',
    severity: 'error',
    references: ['coturn 4.6.1 and 4.18.0, dbdrivers/'],
  },
  either: ['logLines', 'service'],
  uses: ['config', 'version'],
  check: ({ logLines, service, config, version }) => {
    const journal = service?.journal.known ? service.journal.value : [];
    const lines = logLines && logLines.lines.length > 0 ? logLines.lines : journal;
    if (lines.length === 0) return { skip: 'no line of the log was read' };
    const settings = config && version && settingsOf(config, version.version);
    return DRIVERS.flatMap(driver => {
      const { name, option } = driver;
      const failure = lastFailure(driver, lines);
      if (failure === undefined) return [];
      const entry = settings?.deciding(option);
      const notBuilt = failure.includes('Bad configuration format');
      return [
        {
          ...(entry ? atEntry(entry) : { option }),
          message: notBuilt
            ? `This coturn is built without ${name}, and ignores ${option}`
            : `coturn cannot use its ${name} database: ${reasonIn(failure, lines)}`,
          evidence: shortened(printable(failure.trim()), 300),
          remedy: advice(driver, notBuilt, failure, restartCommand(service)),
          severity: severityOf(settings, option),
        },
      ];
    });
  },
});

/** The newest complaint about a driver that no success followed. */
function lastFailure({ failed, connected, option }: Driver, lines: readonly string[]): string | undefined {
  const isFailure = (line: string): boolean =>
    failed.test(line) || line.trimEnd().endsWith(`Bad configuration format: ${option}`);
  const at = lines.findLastIndex(isFailure);
  return lines.findLastIndex(line => connected.test(line)) > at ? undefined : lines[at];
}

/** Redis gives its reason in a line of its own, before; SQLite of 4.6.1 in the one after. */
function reasonIn(failure: string, lines: readonly string[]): string {
  const at = lines.lastIndexOf(failure);
  const redis = /ERROR:? Redis: (.+)/.exec(
    lines.slice(0, at).findLast(line => line.includes('Redis: ')) ?? '',
  )?.[1];
  if (failure.includes('Redis') && redis) return redis.trim();
  const own = /(?:runtime error:|format error:|DB information:)\s*(\S.*?)(?:\s{2,}\(|$)/.exec(failure)?.[1];
  const next = /runtime error:\s*$/.test(failure) ? lines[at + 1]?.trim() : undefined;
  return printable(own ?? next ?? 'it does not connect').trim();
}

function advice({ name, option }: Driver, notBuilt: boolean, failure: string, restart: string): string {
  if (notBuilt) return `Install a coturn with ${name}, or use another database.`;
  if (name === 'SQLite') {
    const path = /<(.+?)>/.exec(failure)?.[1] ?? 'the file';
    return `Let the user of the service write ${path} and its folder (chown turnserver), or create it with coturn's schema.sql; then ${restart}.`;
  }
  if (failure.includes('format error')) return `Correct the connection string of ${option}, then ${restart}.`;
  return `Start ${name}, and try the connection string of ${option} by hand from this host; coturn connects again by itself.`;
}

/**
 * Accounts in the file are served without the database, its secret with SQLite alone (seen with 4.6.1 and 4.18.0); nobody
 * asked for the one that is only coturn's default.
 */
function severityOf(settings: Settings | undefined, option: string): Severity {
  if (!settings) return 'error';
  const { mode } = authentication(settings);
  const served =
    mode === 'static-users' ||
    (mode === 'shared-secret' && settings.isSet('static-auth-secret') && option === 'userdb');
  if (!served && mode !== 'anonymous') return 'error';
  return settings.isSet(option) ? 'warning' : 'info';
}
