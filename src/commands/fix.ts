import type { Command } from 'commander';
import type { RunEntry } from '../fixes/journal.ts';
import { JOURNAL_FOLDER, readRuns } from '../fixes/journal.ts';
import { confirmRun } from '../fixes/transaction.ts';
import { rules } from '../rules/index.ts';
import { applyFix, type FixOptions, showPlan } from './fix-run.ts';
import type { Io } from './io.ts';
import { addReportOptions, addSshOption, addWireOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

const EXAMPLES = `
It prints the plan, asks, writes down how each step is undone before doing it, and asks the server on the wire
afterwards. When that shows it worse than before, everything is given back, and the exit code is 4.

Examples:
  turnctl fix --plan
  turnctl fix listener/no-stun
  turnctl fix --yes --stun stun.example.org`;

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runFix = runFix,
): void {
  command
    .argument(
      '[rules...]',
      'mend these alone: ids or topics; what needs judgement is mended when it is named',
    )
    .option('--plan', 'print what would be done, and change nothing')
    .option('--yes', 'do not ask')
    .option('--confirm <id>', 'keep a run that waits to be confirmed')
    .option('--config <file>', 'this turnserver.conf instead of the one found')
    .option('--external-ip <ip>', 'public IPv4 address that is mapped to this host')
    .option('--stun <uri>', 'ask this STUN server for the public address')
    .addHelpText('after', EXAMPLES);
  addSshOption(addReportOptions(addWireOptions(command))).action(
    async (names: string[], flags: Omit<FixOptions, 'names'>) => done(await run({ ...flags, names }, io)),
  );
}

/** Plans, asks, does, verifies, and keeps or undoes. @throws {UsageError} {HostError} */
export async function runFix(options: FixOptions, io: Io): Promise<number> {
  if (options.confirm !== undefined) return confirm(options.confirm, io);
  if (options.plan === true) return showPlan(options, rules, io);
  if (options.yes !== true && io.dialogue === null) {
    throw new UsageError(
      'there is no terminal to ask at',
      'turnctl fix --plan shows the plan, --yes does it.',
    );
  }
  return applyFix(options, rules, io);
}

async function confirm(id: string, io: Io): Promise<number> {
  const host = io.writableHost();
  const run = (await readRuns(host)).find(({ record }) => record.id === id);
  if (run === undefined) throw new UsageError(`there is no run ${id}`, 'turnctl rollback --list shows them.');
  if (!(await mayBeKept(run, () => confirmRun({ host, folder: JOURNAL_FOLDER }, id)))) {
    io.stderr(`turnctl: run ${id} is ${run.state === 'unfinished' ? 'not done yet' : 'undone already'}\n`);
    return 4;
  }
  io.stdout(`Run ${id} is kept.\n`);
  return 0;
}

const mayBeKept = async ({ state }: RunEntry, keep: () => Promise<boolean>): Promise<boolean> =>
  state === 'kept' || (state === 'to-be-confirmed' && (await keep()));
