import type { Command } from 'commander';
import { NAIVE } from '../model/scenario.ts';
import { rules } from '../rules/index.ts';
import { addBrowserOptions, type BrowserOptions } from './browsers.ts';
import { makeFirstCalls } from './first-calls.ts';
import { type GatheringOptions, gatherFor, targetOf } from './gathering.ts';
import type { Io } from './io.ts';
import { judgedReport } from './judged-report.ts';
import { judgingBy } from './judging.ts';
import { addReportOptions, addSshOption, addWireOptions, type ReportOptions } from './options.ts';
import { refuseOverwriting } from './output-file.ts';
import { printReport } from './print-report.ts';
import { addTranscriptOptions, type TranscriptOptions, wireOf } from './transcript.ts';
import { UsageError } from './usage-error.ts';

export interface DiagnoseOptions extends ReportOptions, GatheringOptions, TranscriptOptions, BrowserOptions {
  /** Whether a browser calls, too. */
  readonly client?: boolean;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runDiagnose = runDiagnose,
): void {
  command
    .argument(
      '[target]',
      'host, address, or stun:, stuns:, turn:, turns: URI; without it: the coturn of this host',
    )
    .option('--demo', 'an embedded server with planted faults; needs nothing else')
    .option('--from <file>', 'judge the facts of a bundle, or of an earlier --json report; no host, no wire')
    .option('--config <file>', 'this turnserver.conf instead of the one found')
    .option('--client', 'let a real browser call once, and judge what it sees, too');
  addSshOption(addReportOptions(addTranscriptOptions(addBrowserOptions(addWireOptions(command))))).action(
    async (target: string | undefined, flags: Omit<DiagnoseOptions, 'target'>) =>
      done(await run({ ...flags, ...(target === undefined ? {} : { target }) }, io)),
  );
}

/** Gathers, judges, prints. @throws {UsageError} {HostError} */
export async function runDiagnose(options: DiagnoseOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  if (options.client === true && (options.demo === true || options.from !== undefined)) {
    throw new UsageError('--client has no use for --demo and --from: there is no server to call over');
  }
  refuseOverwriting(options.output, [options.from, options.config], io);
  const judging = await judgingBy(options, { rules, files: options.config ? [options.config] : [] }, io);
  const wire = wireOf(options, io);
  const gathered = await gatherFor({ ...options, asVersion: judging.asVersion }, { ...io, net: wire.net });
  if (io.signal.aborted) {
    await wire.save();
    return 130;
  }
  const calls =
    options.client === true
      ? await makeFirstCalls(NAIVE, gathered, { ...options, calls: 1, repeat: 0 }, io)
      : null;
  if (io.signal.aborted) {
    await wire.save();
    return 130;
  }
  const { coldstart } = calls ?? {};
  const report = await judgedReport(
    calls === null ? gathered : { ...gathered, facts: { ...gathered.facts, client: calls.client } },
    judging,
    {
      command: 'diagnose',
      target: targetOf(options, gathered, io),
      started,
      ...(coldstart ? { coldstart } : {}),
    },
    io,
  );
  await printReport({ ...report, ...wire.transcript() }, options, io);
  await wire.save();
  return report.verdict.exitCode;
}
