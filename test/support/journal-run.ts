import { setTimeout as sleep } from 'node:timers/promises';
import { type Journal, type JournalOptions, withJournal } from '../../src/fixes/journal.ts';
import { recoverRuns, rollbackRun } from '../../src/fixes/rollback.ts';
import { type Outcome, type Transaction, transact } from '../../src/fixes/transaction.ts';
import type { WritableHost } from '../../src/host/host.ts';
import { writableLocalHost } from '../../src/host/local-write.ts';
import type { Plan } from '../../src/model/plan.ts';

export interface TestRun {
  readonly host?: WritableHost;
  /** Of the journal. */
  readonly folder: string;
  readonly waitMs?: number;
}

const options = ({ host = writableLocalHost(), ...run }: TestRun): JournalOptions => ({
  ...run,
  host,
  command: 'test',
  now: Date.now,
  sleep,
  signal: new AbortController().signal,
});

export const inJournal = <T>(run: TestRun, use: (journal: Journal) => Promise<T>): Promise<T> =>
  withJournal(options(run), use);

/** Does a plan as `fix` does, with a verdict of the test's own. */
export const apply = (run: TestRun, plan: Plan, over: Partial<Transaction> = {}): Promise<Outcome> =>
  inJournal(run, async journal => {
    await recoverRuns(journal, Date.now());
    return transact(journal, plan, {
      command: 'test',
      now: Date.now,
      signal: new AbortController().signal,
      verify: async () => null,
      confirm: async () => true,
      ...over,
    });
  });

export const recover = (run: TestRun) => inJournal(run, journal => recoverRuns(journal, Date.now()));

export const rollback = (run: TestRun, { id, force = false }: { id?: string; force?: boolean } = {}) =>
  inJournal(run, journal => rollbackRun(journal, { id, force }));
