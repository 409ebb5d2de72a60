import type { LogDestination } from '../config/effective.ts';
import { absolute, checkAccess } from '../host/access.ts';
import { orNull } from '../host/attempt.ts';
import type { Host } from '../host/host.ts';
import { hostPathOf, readOpenFiles, type TurnserverProcess } from '../host/procfs.ts';
import { type Fact, known } from '../model/fact.ts';
import type { LogFact } from '../model/facts.ts';
import { type Survey, serviceIdentity, serviceProcess, serviceUnit, serviceView } from './survey.ts';

/** Where coturn writes without `log-file`, or when it cannot write there; tried in this order, then its working directory. */
const FALLBACKS = ['/var/log/turnserver/turn', '/var/log/turn', '/var/tmp/turn', '/tmp/turn'];

const DELETED = / \(deleted\)$/;
/** A file that was renamed while coturn has it open keeps getting the log. */
const ROTATED = /\.\d+$/;

/** Where the log really goes: what a running coturn has open, else what its options ask for. */
export async function gatherLog(host: Host, survey: Survey, wanted: LogDestination): Promise<Fact<LogFact>> {
  const process = serviceProcess(survey);
  const open = process && (await readOpenFiles(host, process.pid));
  const [place, folderWritable] = await Promise.all([
    process && open?.known
      ? seenPlace(host, survey, process, open.value, wanted)
      : expectedPlace(host, survey, wanted),
    isWritable(host, survey, wanted),
  ]);
  return known({
    configured: wanted.path ?? (wanted.kind === 'file' ? null : wanted.kind),
    folderWritable,
    ...place,
  });
}

type Place = Pick<LogFact, 'destination' | 'actual' | 'deleted'>;

async function seenPlace(
  host: Host,
  survey: Survey,
  process: TurnserverProcess,
  open: ReadonlyMap<number, string>,
  wanted: LogDestination,
): Promise<Place> {
  if (wanted.kind === 'syslog') return { destination: 'syslog', actual: null };
  const file = findLogFile([...open.values()], wanted);
  if (file) {
    if (DELETED.test(file)) return { destination: 'file', actual: file.replace(DELETED, ''), deleted: true };
    return { destination: 'file', actual: await pathOnHost(host, process, file) };
  }
  return outputPlace(open.get(1) ?? '', survey);
}

/** coturn's log among the open files: the one asked for, or one of coturn's own names. */
export function findLogFile(openFiles: readonly string[], wanted: LogDestination): string | null {
  const files = openFiles.filter(target => target.startsWith('/') && !target.startsWith('/dev/'));
  const asked = wanted.path && logFilePattern(wanted.path, wanted.dated);
  const own = FALLBACKS.map(base => new RegExp(`^${base}_\\d+_\\d{4}-\\d\\d-\\d\\d\\.log$`));
  const inWorkingDirectory = /\/turn_\d+_\d{4}-\d\d-\d\d\.log$/;
  for (const pattern of [...(asked ? [asked] : []), ...own, inWorkingDirectory]) {
    const found = files.find(file => pattern.test(file.replace(DELETED, '').replace(ROTATED, '')));
    if (found) return found;
  }
  return null;
}

/**
 * The names a log file may have. Without `simple-log` the date stands before the ending, `.log` where there is none
 * (seen with 4.6.1): `turn.txt` is written as `turn_2026-01-31.txt`, `log/` as `log/2026-01-31.log`.
 */
export function logFilePattern(path: string, dated: boolean): RegExp {
  const name = path.replace(/^\.\//, '');
  const prefix = name.startsWith('/') ? '^' : '/';
  if (!dated) return new RegExp(`${prefix}${escaped(name)}$`);
  const [, stem = '', ending] = /^(.*?)(\.[^./]+|\.)?$/.exec(name) ?? [];
  const tail = ending === undefined || ending === '.' ? '.log' : ending;
  return new RegExp(
    `${prefix}${escaped(stem)}${stem.endsWith('/') ? '' : '_'}\\d{4}-\\d\\d-\\d\\d${escaped(tail)}$`,
  );
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** With PrivateTmp, or in a container, the path that the process uses is another one on this host. */
async function pathOnHost(host: Host, { pid, contained }: TurnserverProcess, path: string): Promise<string> {
  const mountinfo = contained ? null : await orNull(() => host.readFile(`/proc/${pid}/mountinfo`));
  const found = mountinfo && hostPathOf(Buffer.from(mountinfo).toString(), path);
  return found ?? `/proc/${pid}/root${path}`;
}

/** Where standard output leads; `target` is that of descriptor 1. */
function outputPlace(target: string, survey: Survey): Place {
  if (target === '/dev/null') return { destination: 'nowhere', actual: null };
  if (target.startsWith('/') && !target.startsWith('/dev/')) return { destination: 'file', actual: target };
  return { destination: serviceUnit(survey) ? 'journal' : 'stdout', actual: null };
}

async function expectedPlace(host: Host, survey: Survey, wanted: LogDestination): Promise<Place> {
  if (wanted.kind === 'syslog') return { destination: 'syslog', actual: null };
  if (wanted.kind === 'file') return { destination: 'file', actual: await newestLog(host, survey, wanted) };
  const output = serviceUnit(survey)?.standardOutput;
  if (output === 'null') return { destination: 'nowhere', actual: null };
  return { destination: output === undefined ? 'stdout' : 'journal', actual: null };
}

/** The newest file whose name fits, in the first place where there is one. */
async function newestLog(host: Host, survey: Survey, wanted: LogDestination): Promise<string | null> {
  const { root, workingDirectory } = serviceView(survey);
  const places = [
    ...(wanted.path === null ? [] : [{ path: absolute(wanted.path, workingDirectory), dated: wanted.dated }]),
    ...FALLBACKS.map(base => ({ path: base, dated: true })),
  ];
  for (const { path, dated } of places) {
    const folder = path.slice(0, path.lastIndexOf('/')) || '/';
    const pattern = FALLBACKS.includes(path)
      ? new RegExp(`^${path}_\\d+_[\\d-]+\\.log$`)
      : logFilePattern(path, dated);
    const names = (await orNull(() => host.readDirectory(root + folder))) ?? [];
    const fitting = names
      .map(name => `${folder === '/' ? '' : folder}/${name}`)
      .filter(file => pattern.test(file));
    const statuses = await Promise.all(fitting.map(file => orNull(() => host.status(root + file))));
    const times = fitting.map((file, index) => ({ file, at: statuses[index]?.modifiedAtMs ?? 0 }));
    const newest = times.sort((a, b) => b.at - a.at)[0];
    if (newest) return root + newest.file;
  }
  return null;
}

/** Whether the service's user may write the log where it is asked for. A file that is there need only be writable itself. */
async function isWritable(
  host: Host,
  survey: Survey,
  { path, dated }: LogDestination,
): Promise<boolean | null> {
  const identity = serviceIdentity(survey);
  if (path === null || !identity.known) return null;
  const view = serviceView(survey);
  const file = absolute(path, view.workingDirectory);
  const folder = file.slice(0, file.lastIndexOf('/')) || '/';
  const there = !dated && (await orNull(() => host.status(view.root + file))) !== null;
  return (await checkAccess(host, identity.value, there ? file : folder, 'write', view)).allowed;
}
