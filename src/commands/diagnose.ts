import type { Command } from 'commander';
import { rules } from '../rules/index.ts';
import { type GatheringOptions, gatherFor, targetOf } from './gathering.ts';
import type { Io } from './io.ts';
import { judgedReport } from './judged-report.ts';
import { judgingBy } from './judging.ts';
import { addReportOptions, addSshOption, addWireOptions, type ReportOptions } from './options.ts';
import { printReport } from './print-report.ts';
import { addTranscriptOptions, type TranscriptOptions, wireOf } from './transcript.ts';

export interface DiagnoseOptions extends ReportOptions, GatheringOptions, TranscriptOptions {}

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
    .option('--config <file>', 'this turnserver.conf instead of the one found');
  addSshOption(addReportOptions(addTranscriptOptions(addWireOptions(command)))).action(
    async (target: string | undefined, flags: Omit<DiagnoseOptions, 'target'>) =>
      done(await run({ ...flags, ...(target === undefined ? {} : { target }) }, io)),
  );
}

/** Gathers, judges, prints. @throws {UsageError} {HostError} */
export async function runDiagnose(options: DiagnoseOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const judging = await judgingBy(options, { rules, files: options.config ? [options.config] : [] }, io);
  const wire = wireOf(options, io);
  const gathered = await gatherFor({ ...options, asVersion: judging.asVersion }, { ...io, net: wire.net });
  if (io.signal.aborted) {
    await wire.save();
    return 130;
  }
  const report = await judgedReport(
    gathered,
    judging,
    { command: 'diagnose', target: targetOf(options, gathered, io), started },
    io,
  );
  await printReport({ ...report, ...wire.transcript() }, options, io);
  await wire.save();
  return report.verdict.exitCode;
}
