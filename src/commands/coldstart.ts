import { type Command, InvalidArgumentError } from 'commander';
import { rules } from '../rules/index.ts';
import { addBrowserOptions } from './browsers.ts';
import { type CallCounts, listedServers, makeFirstCalls } from './first-calls.ts';
import { type GatheringOptions, gatherFor, targetOf } from './gathering.ts';
import type { Io } from './io.ts';
import { judgedReport } from './judged-report.ts';
import { judgingBy } from './judging.ts';
import { addReportOptions, addSshOption, addWireOptions, type ReportOptions } from './options.ts';
import { printReport } from './print-report.ts';
import { readScenario } from './scenario-file.ts';

export interface ColdstartOptions extends ReportOptions, GatheringOptions, CallCounts {
  readonly scenario: string;
  readonly html?: string;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runColdstart = runColdstart,
): void {
  command
    .argument('[target]', 'host, address, or turn:, turns: URI; without it: the coturn of this host')
    .option('--calls <n>', 'first calls with each client, each in fresh browser contexts', count, 3)
    .option('--repeat <n>', 'calls after each of them, in the same contexts', count, 1)
    .option('--scenario <file>', 'the client to compare: naive, or a file that describes yours', 'naive')
    .option('--html <file>', 'write the timelines there too')
    .option('--config <file>', 'this turnserver.conf instead of the one found');
  addSshOption(addReportOptions(addBrowserOptions(addWireOptions(command)))).action(
    async (target: string | undefined, flags: Omit<ColdstartOptions, 'target'>) =>
      done(await run({ ...flags, ...(target === undefined ? {} : { target }) }, io)),
  );
}

function count(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 1000)
    throw new InvalidArgumentError('It must be a whole number, 1000 at most.');
  return number;
}

/**
 * First calls in a real browser, with the client as it is and with the reference client, judged together with all that a
 * diagnosis sees. @throws {UsageError} {HostError}
 */
export async function runColdstart(options: ColdstartOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const scenario = await readScenario(options.scenario, io);
  const judging = await judgingBy(options, { rules, files: options.config ? [options.config] : [] }, io);
  const listed = listedServers(scenario);
  const gathered = await gatherFor({ ...options, listed, asVersion: judging.asVersion }, io);
  if (io.signal.aborted) return 130;
  const target = targetOf(options, gathered, io);
  const { client, coldstart } = await makeFirstCalls(scenario, gathered, options, io);
  if (io.signal.aborted) return 130;
  const report = await judgedReport(
    { ...gathered, facts: { ...gathered.facts, client } },
    judging,
    { command: 'coldstart', target, started, ...(coldstart ? { coldstart } : {}) },
    io,
  );
  if (options.html !== undefined) {
    const { renderTimelines } = await import('../report/timelines-html.ts');
    await io.writeFile(options.html, renderTimelines(report));
  }
  await printReport(report, options, io);
  return report.verdict.exitCode;
}
