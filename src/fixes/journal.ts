import { createHash } from 'node:crypto';
import { orNull } from '../host/attempt.ts';
import { type Host, HostError, type WritableHost } from '../host/host.ts';
import type { Plan } from '../model/plan.ts';
import { type Lock, takeLock } from './lock.ts';
import { runOrThrow } from './run-or-throw.ts';
import { type Undoing, undoScript } from './undo-script.ts';

/** Where the runs of a host are written down, on that host. */
export const JOURNAL_FOLDER = '/var/lib/turnctl/journal';

/** A journal that is locked for this run. */
export interface Journal {
  readonly host: WritableHost;
  readonly folder: string;
}

/** What a run is to do and how it is undone: written before the first change, and never again. */
export interface RunRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  /** What was called, as `fix`. */
  readonly command: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly plan: Plan;
  readonly undoings: readonly Undoing[];
}

/**
 * `prepared`: nothing was changed yet. `unfinished`: ended, or is still going on, between the first change and the verdict.
 * `to-be-confirmed`: done, and undone by a timer unless somebody confirms it. `undoing`: its undo did not finish.
 */
export type RunState = 'prepared' | 'unfinished' | 'to-be-confirmed' | 'kept' | 'undoing' | 'undone';

export interface RunEntry {
  readonly record: RunRecord;
  readonly state: RunState;
  /** ISO 8601, while it is to be confirmed. */
  readonly confirmUntil?: string;
}

export interface JournalOptions {
  readonly host: WritableHost;
  /** What was called, for whoever has to wait. */
  readonly command: string;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly folder?: string;
  /** How long to wait for a run that goes on; default 30 s. */
  readonly waitMs?: number;
  readonly onWait?: (text: string) => void;
}

const WAIT_MS = 30_000;
const ASK_AGAIN_MS = 250;

/** Locks the journal while `use` runs. @throws {HostError} 'busy' when another run does not end in time */
export async function withJournal<T>(
  options: JournalOptions,
  use: (journal: Journal) => Promise<T>,
): Promise<T> {
  const { host, folder = JOURNAL_FOLDER } = options;
  await runOrThrow(host, ['mkdir', '-p', '-m', '0700', '--', folder]);
  const lock = await waitForLock(options, folder);
  try {
    return await use({ host, folder });
  } finally {
    await lock.release();
  }
}

async function waitForLock(options: JournalOptions, folder: string): Promise<Lock> {
  const { host, command, now, sleep, signal, onWait, waitMs = WAIT_MS } = options;
  const since = new Date(now()).toISOString();
  for (let waitedMs = 0; ; waitedMs += ASK_AGAIN_MS) {
    const lock = await takeLock(host, folder, { command, since });
    if (lock.heldBy === undefined) return lock;
    const { pid, command: other, since: otherSince } = lock.heldBy;
    const who = `turnctl ${other} (process ${pid}, since ${otherSince}) is changing ${host.name}`;
    if (waitedMs >= waitMs || signal.aborted) {
      throw new HostError('busy', who, { hint: 'Wait until it has ended, then run the same command again.' });
    }
    onWait?.(`waiting: ${who}`);
    await sleep(ASK_AGAIN_MS);
  }
}

/** The folder of a run. */
export const runFolder = ({ folder }: Pick<Journal, 'folder'>, id: string): string => `${folder}/${id}`;

/** Every run, the newest first. @throws {HostError} */
export async function readRuns(host: Host, folder = JOURNAL_FOLDER): Promise<readonly RunEntry[]> {
  const names = await runNames(host, folder);
  const entries = await Promise.all(names.map(name => readRun(host, `${folder}/${name}`)));
  return entries.filter(entry => entry !== null).toReversed();
}

/** Names of the folders of runs, the oldest first. @throws {HostError} for a user who may not look */
export async function runNames(host: Host, folder: string): Promise<readonly string[]> {
  try {
    return (await host.readDirectory(folder)).filter(name => /^\d{8}T/.test(name));
  } catch (error) {
    if (error instanceof HostError && error.code === 'not-found') return [];
    throw error;
  }
}

/** Null for a run that was killed before it was written down: it changed nothing. */
async function readRun(host: Host, folder: string): Promise<RunEntry | null> {
  const bytes = await orNull(() => host.readFile(`${folder}/run.json`));
  if (bytes === null) return null;
  const names = await host.readDirectory(folder);
  const read = async (name: string) =>
    names.includes(name)
      ? Buffer.from(await host.readFile(`${folder}/${name}`))
          .toString()
          .trim()
      : null;
  const [verdict, begun] = [await read('verdict'), await read('begun')];
  const confirmUntil = names.includes('verified') ? await read('confirm-until') : null;
  const state = stateOf({ verdict, begun, confirmUntil, undone: names.includes('undone') });
  return {
    record: JSON.parse(Buffer.from(bytes).toString()) as RunRecord,
    state,
    ...(state === 'to-be-confirmed' && confirmUntil !== null ? { confirmUntil } : {}),
  };
}

function stateOf(files: {
  readonly verdict: string | null;
  readonly begun: string | null;
  readonly confirmUntil: string | null;
  readonly undone: boolean;
}): RunState {
  if (files.undone) return 'undone';
  if (files.verdict !== null) return files.verdict === 'keep' ? 'kept' : 'undoing';
  if (files.confirmUntil !== null) return 'to-be-confirmed';
  return files.begun === '0' ? 'prepared' : 'unfinished';
}

/** Makes the run's own folder, with a name that no other has. @throws {HostError} */
export async function makeRunFolder({ host, folder }: Journal, nowMs: number): Promise<string> {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  for (let count = 1; ; count++) {
    const id = count === 1 ? stamp : `${stamp}-${count}`;
    try {
      await runOrThrow(host, ['mkdir', '-m', '0700', '--', `${folder}/${id}`]);
      return id;
    } catch (error) {
      if (error instanceof HostError && error.code === 'exists') continue;
      throw error;
    }
  }
}

/**
 * Everything an undo needs, and last of all the record, without which a run has not begun. In `folders` there may be a
 * file that tried whether there is room. @throws {HostError}
 */
export async function writeRecord(
  journal: Journal,
  record: RunRecord,
  folders: readonly string[],
): Promise<void> {
  const folder = runFolder(journal, record.id);
  const { steps, activate = [] } = record.plan;
  const script = undoScript({
    id: record.id,
    folder,
    undoings: record.undoings,
    folders,
    steps: steps.length,
    activate,
  });
  const files: Readonly<Record<string, string>> = {
    begun: '0\n',
    busy: '',
    keep: 'keep\n',
    undo: 'undo\n',
    'undo.sh': script,
    'run.json': `${JSON.stringify(record, null, 2)}\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeNew(journal.host, `${folder}/${name}`, text);
}

/** For root alone, as everything in a journal. */
export const writeNew = (host: WritableHost, path: string, text: string): Promise<void> =>
  host.writeFile(path, Buffer.from(text), { expectSha256: 'absent', mode: 0o600 });

/** Says, on the disk, that a step is about to begin; the activation counts as the step after the last. @throws {HostError} */
export async function noteBegun(journal: Journal, id: string, begun: number): Promise<void> {
  const guard = { expectSha256: sha256(`${begun - 1}\n`) };
  await journal.host.writeFile(`${runFolder(journal, id)}/begun`, Buffer.from(`${begun}\n`), guard);
}

/** Whether the run was undone meanwhile, as by its timer. */
export const isUndoDecided = async (journal: Journal, id: string): Promise<boolean> => {
  const verdict = await orNull(() => journal.host.readFile(`${runFolder(journal, id)}/verdict`));
  return verdict !== null && Buffer.from(verdict).toString().trim() === 'undo';
};

/** Decides to keep what was done; false when the undo was decided first. One of both, and only one, can link the name. */
export async function decideToKeep(journal: Journal, id: string): Promise<boolean> {
  const folder = runFolder(journal, id);
  await journal.host.run(['ln', '--', `${folder}/keep`, `${folder}/verdict`]);
  return !(await isUndoDecided(journal, id));
}

/** Of bytes, in hexadecimal. */
export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
