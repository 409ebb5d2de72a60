import { orNull } from '../host/attempt.ts';
import { HostError } from '../host/host.ts';
import { printable } from '../util/text.ts';
import {
  type Journal,
  type RunEntry,
  type RunRecord,
  readRuns,
  runFolder,
  runNames,
  sha256,
  writeNew,
} from './journal.ts';
import { disarmUndo } from './undo-timer.ts';

const UNDO_TIMEOUT_MS = 300_000;

/** Undoes a run, as far as it got. Returns what could not be given back; may be called again. @throws {HostError} */
export async function undoRun(journal: Journal, id: string): Promise<readonly string[]> {
  const script = `${runFolder(journal, id)}/undo.sh`;
  const { exitCode, stderr } = await journal.host.run(['sh', script], { timeoutMs: UNDO_TIMEOUT_MS });
  if (exitCode === 0) return [];
  const failures = stderr.split('\n').map(printable).filter(Boolean);
  return failures.length === 0 ? [`${script} ended with ${exitCode}`] : failures;
}

/**
 * Undoes what runs that were killed have left half done, the newest first, and returns them. One that waits to be
 * confirmed is left alone until its time is over. @throws {HostError} when one cannot be undone
 */
export async function recoverRuns(journal: Journal, nowMs: number): Promise<readonly string[]> {
  const recovered: string[] = [];
  await removeStillborn(journal);
  for (const { record, state, confirmUntil } of await readRuns(journal.host, journal.folder)) {
    if (state === 'kept' || state === 'undone') continue;
    if (state === 'to-be-confirmed' && Date.parse(confirmUntil ?? '') > nowMs) {
      throw new HostError(
        'busy',
        `run ${record.id} waits to be confirmed, and is undone at ${confirmUntil}`,
        {
          hint: `turnctl fix --confirm ${record.id} keeps it; turnctl rollback ${record.id} undoes it now.`,
        },
      );
    }
    await undoOrThrow(journal, record.id);
    if (state !== 'prepared') recovered.push(record.id);
  }
  return recovered;
}

/** Runs that were killed before they were written down. */
async function removeStillborn({ host, folder }: Journal): Promise<void> {
  for (const id of await runNames(host, folder)) {
    const isWritten = (await orNull(() => host.status(`${folder}/${id}/run.json`))) !== null;
    if (!isWritten) await host.run(['rm', '-rf', '--', `${folder}/${id}`]);
  }
}

/**
 * Undoes the run with this id, or the newest that is not undone yet. Null when there is none.
 * @throws {HostError} 'changed' when a file is not as the run left it, unless `force`
 */
export async function rollbackRun(
  journal: Journal,
  { id, force }: { readonly id?: string | undefined; readonly force: boolean },
): Promise<RunEntry | null> {
  const runs = await readRuns(journal.host, journal.folder);
  const run = runs.find(({ record, state }) => (id === undefined ? state !== 'undone' : record.id === id));
  if (run === undefined) return null;
  if (run.state === 'undone') return run;
  if (!force) await refuseChanged(journal, run.record.id);
  await undoOrThrow(journal, run.record.id);
  await disarmUndo(journal, run.record.id);
  return run;
}

async function undoOrThrow(journal: Journal, id: string): Promise<void> {
  const failures = await undoRun(journal, id);
  if (failures.length === 0) return;
  throw new HostError('io', `run ${id} was not undone completely: ${failures.join('; ')}`, {
    hint: `Mend that, and run turnctl rollback ${id} again.`,
  });
}

/** Takes down what the files of a run are like now, so that a later rollback does not take away somebody's work. */
export async function noteResult(journal: Journal, { id, undoings }: RunRecord): Promise<void> {
  const paths = undoings.flatMap(it => (it.kind === 'file' || it.kind === 'absent' ? [it.path] : []));
  const hashes: Record<string, string> = {};
  for (const path of paths) hashes[path] = await hashOf(journal, path);
  // A disk that is full by now is no reason to undo what was proved to be better.
  await orNull(() => writeNew(journal.host, `${runFolder(journal, id)}/result.json`, JSON.stringify(hashes)));
}

async function refuseChanged(journal: Journal, id: string): Promise<void> {
  const bytes = await orNull(() => journal.host.readFile(`${runFolder(journal, id)}/result.json`));
  const hashes: Record<string, string> = bytes === null ? {} : JSON.parse(Buffer.from(bytes).toString());
  for (const [path, hash] of Object.entries(hashes)) {
    if ((await hashOf(journal, path)) === hash) continue;
    throw new HostError(
      'changed',
      `${path} was changed since run ${id}, and giving it back would undo that too`,
      {
        hint: 'turnctl rollback --list shows later runs, to be undone first; --force gives it back all the same.',
      },
    );
  }
}

async function hashOf({ host }: Journal, path: string): Promise<string> {
  const bytes = await orNull(() => host.readFile(path, { maxBytes: Number.MAX_SAFE_INTEGER }));
  return bytes === null ? 'absent' : sha256(bytes);
}
