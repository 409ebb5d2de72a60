import { type Fact, known, unknown } from '../model/fact.ts';
import { attempt, orNull } from './attempt.ts';
import type { Host } from './host.ts';

/** A service unit, as far as coturn's health depends on it. Words are systemd's own. */
export interface Unit {
  readonly name: string;
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  readonly enabled: string;
  readonly result: string;
  readonly mainPid: number | null;
  readonly restarts: number;
  /** Empty: root. */
  readonly user: string;
  readonly group: string;
  readonly supplementaryGroups: readonly string[];
  /** ExecStart with its variables, as written. */
  readonly argv: readonly string[];
  /** `NAME=value` of the unit; those of `environmentFiles` come on top. */
  readonly environment: readonly string[];
  readonly environmentFiles: readonly string[];
  /** The unit file first, then its drop-ins. */
  readonly fragments: readonly string[];
  readonly workingDirectory: string;
  readonly boundingCapabilities: readonly string[];
  readonly ambientCapabilities: readonly string[];
  readonly privateTmp: boolean;
  /** Paths the service cannot see whatever their modes say. */
  readonly inaccessiblePaths: readonly string[];
  /** Where the service may write; null where systemd sets no limit. */
  readonly writablePaths: readonly string[] | null;
  readonly standardOutput: string;
  readonly startedAt: string | null;
}

const PROPERTIES = [
  'Id,LoadState,ActiveState,SubState,UnitFileState,Result,MainPID,NRestarts,ExecMainStartTimestamp',
  'User,Group,SupplementaryGroups,ExecStart,Environment,EnvironmentFiles,WorkingDirectory,FragmentPath,DropInPaths',
  'CapabilityBoundingSet,AmbientCapabilities,PrivateTmp,InaccessiblePaths,ProtectHome,ProtectSystem,ReadWritePaths',
  'LogsDirectory,StateDirectory,RuntimeDirectory,CacheDirectory,StandardOutput',
].join(',');

/** The units of these names, those that systemd does not know included; an alias gives its unit once. */
export async function readUnits(host: Host, names: readonly string[]): Promise<Fact<readonly Unit[]>> {
  // What sd_booted(3) looks at; it spares a process where there is no systemd.
  if (!(await orNull(() => host.status('/run/systemd/system')))) return unknown('no systemd on this host');
  const result = await attempt(() => host.run(['systemctl', 'show', ...names, `--property=${PROPERTIES}`]));
  if (!result.known) return result;
  if (result.value.exitCode !== 0) return unknown(`systemctl: ${result.value.stderr.trim()}`);
  return known(parseUnits(result.value.stdout));
}

/** `systemctl show`: a block of `Name=value` for each unit, an empty line between them. */
export function parseUnits(text: string): readonly Unit[] {
  const units = text
    .split(/\n\n+/)
    .filter(block => block.trim() !== '')
    .map(parseUnit);
  return units.filter((unit, index) => units.findIndex(other => other.name === unit.name) === index);
}

function parseUnit(block: string): Unit {
  const lines = block
    .split('\n')
    .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  const all = (name: string) => lines.filter(([key]) => key === name).map(([, value]) => value ?? '');
  const one = (name: string) => all(name)[0] ?? '';
  const words = (name: string) => one(name).split(' ').filter(Boolean);
  const mainPid = Number(one('MainPID'));
  return {
    name: one('Id'),
    load: one('LoadState'),
    active: one('ActiveState'),
    sub: one('SubState'),
    enabled: one('UnitFileState'),
    result: one('Result'),
    mainPid: mainPid > 0 ? mainPid : null,
    restarts: Number(one('NRestarts')),
    user: one('User'),
    group: one('Group'),
    supplementaryGroups: words('SupplementaryGroups'),
    // Of several commands the last one is the service (Type=oneshot only has more).
    argv: splitCommand(/ argv\[\]=(.*?) ; ignore_errors=/.exec(all('ExecStart').at(-1) ?? '')?.[1] ?? ''),
    environment: splitCommand(one('Environment')),
    environmentFiles: all('EnvironmentFiles')
      .map(value => value.replace(/ \(ignore_errors=\w+\)$/, ''))
      .filter(Boolean),
    fragments: [one('FragmentPath'), ...words('DropInPaths')].filter(Boolean),
    workingDirectory: one('WorkingDirectory').replace(/^!?-?/, '') || '/',
    boundingCapabilities: words('CapabilityBoundingSet'),
    ambientCapabilities: words('AmbientCapabilities'),
    privateTmp: one('PrivateTmp') === 'yes',
    inaccessiblePaths: [
      ...words('InaccessiblePaths').map(path => path.replace(/^[-+]*/, '')),
      ...(['yes', 'tmpfs'].includes(one('ProtectHome')) ? ['/home', '/root', '/run/user'] : []),
    ],
    writablePaths: one('ProtectSystem') === 'strict' ? writableWhenStrict(words) : null,
    standardOutput: one('StandardOutput'),
    startedAt: parseTimestamp(one('ExecMainStartTimestamp')),
  };
}

/** systemd.exec(5): strict leaves only the API file systems and what the unit names. */
function writableWhenStrict(words: (name: string) => readonly string[]): readonly string[] {
  const below = (folder: string, property: string) =>
    words(property).map(name => `${folder}/${name.split(':')[0]}`);
  return [
    ...['/dev', '/proc', '/sys', '/tmp', '/var/tmp'],
    ...words('ReadWritePaths').map(path => path.replace(/^[-+]*/, '')),
    ...below('/var/log', 'LogsDirectory'),
    ...below('/var/lib', 'StateDirectory'),
    ...below('/run', 'RuntimeDirectory'),
    ...below('/var/cache', 'CacheDirectory'),
  ];
}

/** `Mon 2026-11-23 12:55:03 UTC`, in the host's time zone; only UTC can be told without its tables. */
function parseTimestamp(text: string): string | null {
  const match = /^\w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:UTC|GMT)$/.exec(text);
  return match ? `${match[1]}T${match[2]}.000Z` : null;
}

/** Words of a command as systemd splits them: at blanks, with either kind of quotes around a word. */
export function splitCommand(text: string): readonly string[] {
  return [...text.matchAll(/(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|[^\s"']+)+/g)].map(match =>
    match[0].replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double = '', single = '') => `${double}${single}`),
  );
}

/** argv with its variables replaced: `${NAME}` inside a word, `$NAME` as a word that is split at blanks (systemd.service(5)). */
export function expandCommand(
  argv: readonly string[],
  variables: Readonly<Record<string, string>>,
): readonly string[] {
  return argv.flatMap(word => {
    const whole = /^\$(\w+)$/.exec(word)?.[1];
    if (whole !== undefined) return splitCommand(variables[whole] ?? '');
    return [word.replace(/\$\{(\w+)\}/g, (_, name: string) => variables[name] ?? '')];
  });
}

/** Assignments of an environment file (systemd.exec(5)), or those of `Environment=`. */
export function parseEnvironment(text: string): Readonly<Record<string, string>> {
  const assignments = text.split('\n').flatMap(line => {
    const match = /^\s*(\w+)=\s*(.*?)\s*$/.exec(line);
    return match?.[1] === undefined
      ? []
      : [[match[1], (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2')] as const];
  });
  return Object.fromEntries(assignments);
}
