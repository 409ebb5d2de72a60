import { dirname } from 'node:path';
import { applyEdits } from '../config/edit.ts';
import { orNull } from '../host/attempt.ts';
import { HostError, type WritableHost } from '../host/host.ts';
import type { Plan, Step } from '../model/plan.ts';
import { type Journal, makeRunFolder, type RunRecord, runFolder, sha256, writeRecord } from './journal.ts';
import { runOrThrow } from './run-or-throw.ts';
import { ROOM_PROBE, type Undoing } from './undo-script.ts';

/** Room for what programs write of their own accord. */
const SPARE_BYTES = 64 * 1024;

/**
 * Refuses what cannot be done or undone, keeps what the plan changes, and writes the run down; on the host itself
 * nothing is changed. @throws {HostError}
 */
export async function prepareRun(
  journal: Journal,
  plan: Plan,
  { command, nowMs }: { readonly command: string; readonly nowMs: number },
): Promise<RunRecord> {
  const { host } = journal;
  refuseIrreversible(plan);
  const needs = await checkFiles(host, plan.steps);
  const id = await makeRunFolder(journal, nowMs);
  const folder = runFolder(journal, id);
  try {
    const undoings: Undoing[] = [];
    for (const [step, it] of plan.steps.entries())
      undoings.push(...withoutKept(undoings, await undoingsOf(host, folder, it, step)));
    const startedAt = new Date(nowMs).toISOString();
    const record: RunRecord = { schemaVersion: 1, id, command, startedAt, plan, undoings };
    await writeRecord(journal, record, [...needs.keys()]);
    for (const [folder, bytes] of needs) await checkRoom(host, folder, bytes);
    return record;
  } catch (error) {
    await host.run(['rm', '-rf', '--', folder]);
    throw error;
  }
}

/** A file is given back once, after the undo of every step that changes it: programs look into it when they undo. */
function withoutKept(earlier: readonly Undoing[], added: readonly Undoing[]): readonly Undoing[] {
  const isFile = (it: Undoing): it is Extract<Undoing, { kind: 'file' | 'absent' }> =>
    it.kind === 'file' || it.kind === 'absent';
  return added.filter(it => !(isFile(it) && earlier.some(other => isFile(other) && other.path === it.path)));
}

function refuseIrreversible({ steps }: Plan): void {
  for (const step of steps) {
    if (step.kind !== 'run' || step.undo !== 'impossible') continue;
    throw new HostError('irreversible', `${step.argv.join(' ')} cannot be undone, so nothing was done`);
  }
}

/** Whether files are as the plan was made for. Returns the largest file to come in each folder, in bytes. */
async function checkFiles(host: WritableHost, steps: readonly Step[]): Promise<ReadonlyMap<string, number>> {
  const contents = new Map<string, Uint8Array | null>();
  const needs = new Map<string, number>();
  const need = (path: string, bytes: number) => {
    const folder = dirname(path);
    needs.set(folder, Math.max(needs.get(folder) ?? SPARE_BYTES, bytes + SPARE_BYTES));
  };
  for (const step of steps) {
    if (step.kind === 'set-access' && !contents.has(await realOf(host, step.path))) {
      await checkOwned(host, step.path);
    }
    if (step.kind === 'run') for (const path of step.touches ?? []) need(await realOf(host, path), 0);
    if (step.kind !== 'edit-file' && step.kind !== 'put-file') continue;
    const path = await realOf(host, step.path);
    const old = contents.has(path) ? contents.get(path)! : await readOrAbsent(host, path);
    const found = old === null ? 'absent' : sha256(old);
    if (found !== step.expectSha256) {
      throw new HostError('changed', `${path} is not what the plan was made for, so nothing was done`, {
        hint: 'Run the same command again.',
      });
    }
    const content = step.kind === 'edit-file' ? applyEdits(old!, step.edits) : Buffer.from(step.content);
    contents.set(path, content);
    need(path, Math.max(content.length, old?.length ?? 0));
  }
  return needs;
}

async function checkOwned(host: WritableHost, path: string): Promise<void> {
  const isRoot = (await host.run(['id', '-u'])).stdout.trim() === '0';
  const mayChange = isRoot ? ['test', '-w', path] : ['test', '-O', path];
  if ((await host.run(mayChange)).exitCode === 0) return;
  const why = isRoot ? 'the file system is read-only' : 'it belongs to somebody else';
  throw new HostError('permission-denied', `owner and mode of ${path} cannot be changed: ${why}`, {
    hint: 'Run turnctl as root.',
  });
}

/** By writing such a file: no statistic says what a quota or a read-only mount would refuse. */
async function checkRoom(host: WritableHost, folder: string, bytes: number): Promise<void> {
  // A step of the plan makes it.
  if ((await orNull(() => host.status(folder))) === null) return;
  const probe = `${folder}/${ROOM_PROBE}`;
  await host.run(['rm', '-f', '--', probe]);
  try {
    await host.writeFile(probe, new Uint8Array(bytes), { expectSha256: 'absent' });
  } finally {
    await host.run(['rm', '-f', '--', probe]);
  }
}

const readOrAbsent = (host: WritableHost, path: string): Promise<Uint8Array | null> =>
  host.readFile(path).catch(error => {
    if (error instanceof HostError && error.code === 'not-found') return null;
    throw error;
  });

/** The file that a path leads to, or would. */
const realOf = async (host: WritableHost, path: string): Promise<string> =>
  (await orNull(() => host.realPath(path))) ?? path;

async function undoingsOf(
  host: WritableHost,
  folder: string,
  step: Step,
  index: number,
): Promise<readonly Undoing[]> {
  switch (step.kind) {
    case 'edit-file':
    case 'put-file':
      return [await kept(host, folder, step.path, `${index}`, index)];
    case 'set-access':
      return keptAccess(host, folder, step.path, index);
    case 'run': {
      const touched: Undoing[] = [];
      for (const [i, path] of (step.touches ?? []).entries()) {
        touched.push(await kept(host, folder, path, `${index}-${i}`, index));
      }
      // The program goes first when undoing, and the bytes have the last word.
      return typeof step.undo === 'string'
        ? touched
        : [...touched, { step: index, kind: 'run', argv: step.undo }];
    }
  }
}

async function kept(
  host: WritableHost,
  folder: string,
  given: string,
  name: string,
  step: number,
): Promise<Undoing> {
  const path = await realOf(host, given);
  if ((await orNull(() => host.status(path))) === null) return { step, kind: 'absent', path };
  const backup = `backup-${name}`;
  // Owner, mode, times, access list and security label, as far as the host has them.
  await runOrThrow(host, ['cp', '-a', '--', path, `${folder}/${backup}`]);
  await runOrThrow(host, ['sync', `${folder}/${backup}`]);
  return { step, kind: 'file', path, backup };
}

/** Nothing for a file that an earlier step makes. */
async function keptAccess(
  host: WritableHost,
  folder: string,
  path: string,
  step: number,
): Promise<readonly Undoing[]> {
  const status = await orNull(() => host.status(path));
  if (status === null) return [];
  const { uid, gid, mode } = status;
  const list = await orNull(() =>
    host.run(['getfacl', '--absolute-names', '--numeric', '--omit-header', '--', path]),
  );
  const acl = list?.exitCode === 0 ? `acl-${step}` : null;
  if (acl !== null) {
    await host.writeFile(`${folder}/${acl}`, Buffer.from(list!.stdout), { expectSha256: 'absent' });
  }
  return [{ step, kind: 'access', path, owner: `${uid}:${gid}`, mode, acl }];
}
