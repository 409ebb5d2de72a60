import { HostError } from '../host/host.ts';
import type { Plan, Step } from '../model/plan.ts';
import {
  decideToKeep,
  isUndoDecided,
  type Journal,
  noteBegun,
  type RunRecord,
  runFolder,
  writeNew,
} from './journal.ts';
import { ACTIVATION_TIMEOUT_MS, performStep, runHolding } from './perform-step.ts';
import { prepareRun } from './prepare.ts';
import { noteResult, undoRun } from './rollback.ts';
import { armUndo, disarmUndo } from './undo-timer.ts';

const UNDO_AFTER_SECONDS = 120;

const INTERRUPTED = 'it was interrupted';
const UNCONFIRMED = 'nobody confirmed it in time';

export interface Transaction {
  /** What the operator called, as `fix`. */
  readonly command: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called when everything is done: why the host is worse than before, or null. It is told why the activation failed. */
  readonly verify: (failure: string | null) => Promise<string | null>;
  /** Of a plan that may cut access: whether the operator still gets in. False leaves it to the timer. */
  readonly confirm: (run: { readonly id: string; readonly seconds: number }) => Promise<boolean>;
  /** After which a plan that may cut access is undone, unless it was confirmed. */
  readonly undoAfterSeconds?: number;
  /** Before each step, and before the activation. */
  readonly onStep?: (what: Step | 'activate') => void;
}

/** How a transaction ended. `undone`: the host is as before. `half-undone`: it is not, and `failures` say where. */
export type Outcome =
  | { readonly state: 'kept'; readonly id: string }
  | { readonly state: 'to-be-confirmed'; readonly id: string; readonly seconds: number }
  | { readonly state: 'undone'; readonly id: string; readonly reason: string }
  | {
      readonly state: 'half-undone';
      readonly id: string;
      readonly reason: string;
      readonly failures: readonly string[];
    };

/**
 * Does a plan as a whole or not at all. Whatever fails after the first change, the result that `verify` finds worse,
 * and an interruption are undone in reverse. @throws {HostError} for what was refused before anything was changed
 */
export async function transact(journal: Journal, plan: Plan, transaction: Transaction): Promise<Outcome> {
  const { command, now, confirm, undoAfterSeconds: seconds = UNDO_AFTER_SECONDS } = transaction;
  const record = await prepareRun(journal, plan, { command, nowMs: now() });
  const { id } = record;
  const mayCutAccess = plan.risk === 'may-cut-access';
  if (mayCutAccess) await armOrForget(journal, id, { seconds, nowMs: now() });
  try {
    const reason = await whyNotKept(journal, record, transaction);
    if (reason !== null) return await undone(journal, id, reason);
    await noteResult(journal, record);
    if (mayCutAccess) {
      await writeNew(journal.host, `${runFolder(journal, id)}/verified`, '');
      if (!(await confirm({ id, seconds }))) return { state: 'to-be-confirmed', id, seconds };
    }
    return await keep(journal, id);
  } catch (error) {
    await undone(journal, id, '');
    throw error;
  }
}

async function whyNotKept(
  journal: Journal,
  record: RunRecord,
  transaction: Transaction,
): Promise<string | null> {
  const { signal, verify } = transaction;
  const notApplied = await whyNotApplied(journal, record, transaction);
  if (notApplied !== null) return notApplied;
  const reason = await verify(await whyNotActivated(journal, record, transaction));
  return reason ?? (signal.aborted ? INTERRUPTED : null);
}

async function keep(journal: Journal, id: string): Promise<Outcome> {
  const isKept = await decideToKeep(journal, id);
  await disarmUndo(journal, id);
  return isKept ? { state: 'kept', id } : undone(journal, id, UNCONFIRMED);
}

async function undone(journal: Journal, id: string, reason: string): Promise<Outcome> {
  const failures = await undoRun(journal, id);
  await disarmUndo(journal, id);
  return failures.length === 0
    ? { state: 'undone', id, reason }
    : { state: 'half-undone', id, reason, failures };
}

async function armOrForget(
  journal: Journal,
  id: string,
  when: { seconds: number; nowMs: number },
): Promise<void> {
  try {
    await armUndo(journal, id, when);
  } catch (error) {
    await journal.host.run(['rm', '-rf', '--', runFolder(journal, id)]);
    throw error;
  }
}

/** Does every step, each one written down before it begins. Null when all were done. */
async function whyNotApplied(
  journal: Journal,
  { id, plan: { steps } }: RunRecord,
  { signal, onStep }: Transaction,
): Promise<string | null> {
  const busyFile = `${runFolder(journal, id)}/busy`;
  for (const [index, step] of steps.entries()) {
    const stop = await whyStop(journal, id, signal);
    if (stop !== null) return stop;
    onStep?.(step);
    const refusal = await refusalOf(async () => {
      await noteBegun(journal, id, index + 1);
      await performStep(journal.host, step, busyFile);
    });
    if (refusal !== null) return refusal;
  }
  await journal.host.run(['touch', '--', `${runFolder(journal, id)}/applied`]);
  return whyStop(journal, id, signal);
}

/** Makes the host use what was changed. What fails is for `verify` to judge: it may have failed before as well. */
async function whyNotActivated(
  journal: Journal,
  { id, plan: { steps, activate = [] } }: RunRecord,
  { onStep }: Transaction,
): Promise<string | null> {
  if (activate.length === 0) return null;
  const busyFile = `${runFolder(journal, id)}/busy`;
  onStep?.('activate');
  return refusalOf(async () => {
    await noteBegun(journal, id, steps.length + 1);
    for (const { argv } of activate) {
      await runHolding(journal.host, argv, { busyFile, timeoutMs: ACTIVATION_TIMEOUT_MS });
    }
  });
}

async function refusalOf(action: () => Promise<void>): Promise<string | null> {
  try {
    await action();
    return null;
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}

async function whyStop(journal: Journal, id: string, signal: AbortSignal): Promise<string | null> {
  if (signal.aborted) return INTERRUPTED;
  return (await isUndoDecided(journal, id)) ? UNCONFIRMED : null;
}

/** Keeps a run that its timer would undo. False when it was undone already. @throws {HostError} */
export async function confirmRun(journal: Journal, id: string): Promise<boolean> {
  const isKept = await decideToKeep(journal, id);
  if (isKept) await disarmUndo(journal, id);
  return isKept;
}
