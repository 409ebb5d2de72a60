import type { Command } from 'commander';
import type { Check, Report } from '../model/report.ts';
import { capFindings } from '../rules/cap-findings.ts';
import { rules } from '../rules/index.ts';
import { mergeChecks } from '../rules/merge-checks.ts';
import { runRules } from '../rules/run.ts';
import { judge } from '../rules/verdict.ts';
import { plural } from '../util/text.ts';
import { judgeWithBaseline } from './baseline-file.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';
import { judgingBy } from './judging.ts';
import { contextOf, factOf, factsOf, judgesFiles, type LintInput, readInput } from './lint-input.ts';
import { addReportOptions, addSshOption, type ReportOptions } from './options.ts';
import { refuseOverwriting } from './output-file.ts';
import { printReport } from './print-report.ts';
import { UsageError } from './usage-error.ts';
import { upgradeAsked, versionToJudgeBy } from './version-choice.ts';

export interface LintOptions extends ReportOptions {
  readonly files: readonly string[];
  readonly stdinName?: string;
  readonly upgradeTo?: string;
  readonly diff?: boolean;
  readonly fix?: boolean;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runLint = runLint,
): void {
  addSshOption(
    addReportOptions(
      command
        .argument('[file...]', 'configuration files; - is standard input', ['/etc/turnserver.conf'])
        .option('--stdin-name <name>', 'what to call standard input in the report')
        .option('--upgrade-to <version>', 'say too what an upgrade to this coturn release changes')
        .option('--diff', 'show what can be mended safely, and change nothing')
        .option('--fix', 'mend it, with a backup beside the file; then judge what is left'),
    ),
  ).action(async (files: string[], flags: Omit<LintOptions, 'files'>) =>
    done(await run({ ...flags, files }, io)),
  );
}

/** Judges files by the rules that need nothing else, and mends them if asked. @throws {UsageError} {HostError} */
export async function runLint(options: LintOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  refuseContradictions(options);
  refuseOverwriting(options.output, options.files, io);
  const { files } = options;
  const judging = await judgingBy(options, { rules: rules.filter(judgesFiles), files }, io);
  const [version, read] = await Promise.all([
    versionToJudgeBy(judging.asVersion, io.host),
    readInputs(options, io),
  ]);
  const context = contextOf(version, upgradeAsked(options.upgradeTo, version), io.clock.now());
  let inputs: readonly LintInput[] = read;
  if (options.fix === true) {
    const { fixInputs } = await import('./lint-fix.ts');
    inputs = await fixInputs(inputs, judging, context, io);
  }
  const configs = inputs.map(input => factOf(input, version));
  const checks = await judgeWithBaseline(
    known =>
      mergeChecks(
        configs.map((config, i) =>
          runRules(judging.rules, factsOf(config, inputs[i]!, context), context.now, known),
        ),
      ),
    judging,
    io,
  );
  const exitCode = exitCodeOf(checks, judging.failOn, false);
  if (options.diff === true) {
    // Loaded when asked for: judging hundreds of files must not wait for what compares them.
    const { printDiff } = await import('./lint-fix.ts');
    printDiff(inputs, judging, context, io);
    return exitCode;
  }
  const names = configs.length === 1 ? configs[0]!.path : plural(configs.length, 'file');
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: 'lint',
    observedAt: new Date(context.now).toISOString(),
    target: { host: io.host.name, note: names },
    judgedAs: version,
    verdict: judge({ checks, exitCode, allWell: `${names}: ${praiseOf(checks)}` }, rules),
    checks: capFindings(checks),
    observations: [],
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    sources: configs,
  };
  await printReport(report, options, io);
  return exitCode;
}

const praiseOf = (checks: readonly Check[]): string =>
  checks.some(check => check.outcome === 'failed') ? 'nothing worse than a notice' : 'nothing is wrong';

function refuseContradictions({ files, diff, fix }: LintOptions): void {
  if (files.filter(file => file === '-').length > 1) throw new UsageError('standard input can be read once');
  if (fix !== true) return;
  if (diff === true) throw new UsageError('--diff and --fix exclude each other');
  if (files.includes('-')) {
    throw new UsageError('--fix cannot write to standard input', '--diff shows what it would change.');
  }
}

/** Files that are read at a time: enough to keep the threads busy that do it, and no burden on open files. */
const AT_A_TIME = 16;

async function readInputs({ files, stdinName }: LintOptions, io: Io): Promise<LintInput[]> {
  const inputs: LintInput[] = [];
  while (inputs.length < files.length) {
    const batch = files.slice(inputs.length, inputs.length + AT_A_TIME);
    inputs.push(...(await Promise.all(batch.map(file => readInput(file, stdinName, io)))));
  }
  return inputs;
}
