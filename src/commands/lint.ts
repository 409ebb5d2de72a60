import type { Command } from 'commander';
import { readConfig } from '../config/read-config.ts';
import { unknownFacts } from '../facts/unknown-facts.ts';
import { type Fact, known } from '../model/fact.ts';
import type { ConfigFact, FactName, UpgradeFact, VersionFact } from '../model/facts.ts';
import type { Check, Report } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { rules } from '../rules/index.ts';
import { runRules } from '../rules/run.ts';
import { severityRank } from '../rules/severity-rank.ts';
import { judge } from '../rules/verdict.ts';
import { plural } from '../util/text.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';
import { addReportOptions, type ReportOptions } from './options.ts';
import { printReport } from './print-report.ts';
import { selectRules } from './rule-selection.ts';
import { upgradeAsked, versionToJudgeBy } from './version-choice.ts';

export interface LintOptions extends ReportOptions {
  readonly files: readonly string[];
  readonly stdinName?: string;
  readonly upgradeTo?: string;
}

/** Far above any configuration that was ever written, far below what would hurt. */
const LARGEST_FILE = 64 * 1024 * 1024;

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runLint = runLint,
): void {
  addReportOptions(
    command
      .argument('[file...]', 'configuration files; - is standard input', ['/etc/turnserver.conf'])
      .option('--stdin-name <name>', 'what to call standard input in the report')
      .option('--upgrade-to <version>', 'say too what an upgrade to this coturn release changes'),
  ).action(async (files: string[], flags: Omit<LintOptions, 'files'>) =>
    done(await run({ ...flags, files }, io)),
  );
}

/** Judges files by the rules that need nothing else. @throws {UsageError} {HostError} for a file that cannot be read */
export async function runLint(options: LintOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const chosen = selectRules(rules.filter(judgesFiles), options);
  const version = await versionToJudgeBy(options.asVersion, io.host);
  const upgrade = upgradeAsked(options.upgradeTo, version);
  const configs: ConfigFact[] = [];
  for (const file of options.files) configs.push(await readFile(file, options, version, io));
  const now = io.clock.now();
  const checks = mergeChecks(configs.map(config => judgeFile(config, { version, upgrade }, chosen, now)));
  const exitCode = exitCodeOf(checks, options.failOn, false);
  const names = configs.length === 1 ? configs[0]!.path : plural(configs.length, 'file');
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: 'lint',
    observedAt: new Date(now).toISOString(),
    target: { host: io.host.name, note: names },
    judgedAs: version,
    verdict: judge({ checks, exitCode, allWell: `${names}: ${praiseOf(checks)}` }, rules),
    checks,
    observations: [],
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    sources: configs,
  };
  await printReport(report, options, io);
  return exitCode;
}

const praiseOf = (checks: readonly Check[]): string =>
  checks.some(check => check.outcome === 'failed') ? 'nothing worse than a notice' : 'nothing is wrong';

const FILE_FACTS: readonly FactName[] = ['config', 'version', 'upgrade'];

const judgesFiles = ({ needs, either }: Rule): boolean =>
  needs.every(name => FILE_FACTS.includes(name)) &&
  (either.length === 0 || either.includes('config')) &&
  [...needs, ...either].includes('config');

async function readFile(
  file: string,
  { stdinName }: LintOptions,
  { version }: VersionFact,
  io: Io,
): Promise<ConfigFact> {
  const standardInput = file === '-';
  const bytes = standardInput
    ? await io.readStdin()
    : await io.host.readFile(file, { maxBytes: LARGEST_FILE });
  const path = standardInput ? (stdinName ?? '<stdin>') : file;
  return readConfig(bytes, { path, foundBy: 'asked', version });
}

function judgeFile(
  config: ConfigFact,
  { version, upgrade }: { version: VersionFact; upgrade: Fact<UpgradeFact> },
  chosen: readonly Rule[],
  now: number,
): Check[] {
  const facts = unknownFacts(new Date(now).toISOString(), 'lint judges the file alone');
  return runRules(chosen, { ...facts, config: known(config), version: known(version), upgrade }, now);
}

/** One check a rule, with the findings of all files; it is a symptom only where every file says so. */
function mergeChecks(runs: readonly (readonly Check[])[]): Check[] {
  const [first = [], ...others] = runs;
  if (others.length === 0) return [...first];
  return first.map((check, i) => runs.map(run => run[i]!).reduce(merged, { ...check, findings: [] }));
}

function merged(sum: Check, next: Check): Check {
  if (next.outcome === 'passed') return sum.outcome === 'skipped' ? next : sum;
  if (next.outcome === 'skipped') return sum;
  if (next.outcome === 'crashed' || sum.outcome === 'crashed') return sum.outcome === 'crashed' ? sum : next;
  if (sum.findings.length === 0) return next;
  const { explainedBy, ...rest } = sum;
  return {
    ...rest,
    severity: severityRank[next.severity] > severityRank[sum.severity] ? next.severity : sum.severity,
    ...(explainedBy !== undefined && explainedBy === next.explainedBy ? { explainedBy } : {}),
    findings: [...sum.findings, ...next.findings],
  };
}
