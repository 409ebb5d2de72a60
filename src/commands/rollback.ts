import type { Command } from 'commander';
import { type RunEntry, readRuns } from '../fixes/journal.ts';
import { rollbackRun } from '../fixes/rollback.ts';
import { type ListedRun, renderRuns } from '../report/fix.ts';
import { inJournal } from './in-journal.ts';
import type { Io } from './io.ts';
import { addSshOption } from './options.ts';
import { printDocument, printText } from './print-document.ts';
import { UsageError } from './usage-error.ts';

export interface RollbackOptions {
  readonly id?: string;
  readonly list?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly output?: string;
}

const EXAMPLES = `
It gives back every file with its owner and mode, every rule, and starts the service anew if the run did.
Without ID: the newest run that is not undone.

Examples:
  turnctl rollback --list
  turnctl rollback
  turnctl rollback 20260131T120000Z`;

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runRollback = runRollback,
): void {
  addSshOption(command)
    .argument('[id]', 'of a run, as --list shows it')
    .option('--list', 'show the runs of this host, and change nothing')
    .option('--force', 'give a file back also when somebody has changed it since')
    .option('--json', 'print one JSON document')
    .option('--output <file>', 'write it there instead of to standard output')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .addHelpText('after', EXAMPLES)
    .action(async (id: string | undefined, flags: Omit<RollbackOptions, 'id'>) =>
      done(await run({ ...flags, ...(id === undefined ? {} : { id }) }, io)),
    );
}

/** Undoes a run, or shows them. @throws {UsageError} {HostError} */
export async function runRollback(options: RollbackOptions, io: Io): Promise<number> {
  const host = io.writableHost();
  if (options.list === true) {
    await print((await readRuns(host)).map(listed), options, io);
    return 0;
  }
  const { id, force = false } = options;
  const undone = await inJournal('rollback', io, journal => rollbackRun(journal, { id, force }));
  if (undone === null && id !== undefined) {
    throw new UsageError(`there is no run ${id}`, 'turnctl rollback --list shows them.');
  }
  if (options.json === true)
    await print(undone === null ? [] : [{ ...listed(undone), state: 'undone' }], options, io);
  else io.stdout(undone === null ? 'There is nothing to undo.\n' : `Run ${undone.record.id} is undone.\n`);
  return 0;
}

const listed = ({ record, state, confirmUntil }: RunEntry): ListedRun & { confirmUntil?: string } => ({
  id: record.id,
  startedAt: record.startedAt,
  command: record.command,
  state,
  steps: record.plan.steps.length,
  resolves: record.plan.resolves,
  ...(confirmUntil === undefined ? {} : { confirmUntil }),
});

async function print(runs: readonly ListedRun[], options: RollbackOptions, io: Io): Promise<void> {
  if (options.json !== true) {
    await printText(rendering => renderRuns(runs, rendering), options, io);
    return;
  }
  const tool = { name: 'turnctl', version: io.version };
  await printDocument(
    { schemaVersion: 1, tool, command: 'rollback', target: { host: io.host.name }, runs },
    options,
    io,
  );
}
