import { gatherThisHost, type Surroundings } from '../facts/gather.ts';
import type { Facts } from '../model/facts.ts';
import type { Check, ExitCode, FailOn, Report } from '../model/report.ts';
import { capFindings } from '../rules/cap-findings.ts';
import { allWell, whyInconclusive } from '../rules/conclusion.ts';
import { rules } from '../rules/index.ts';
import { runRules } from '../rules/run.ts';
import { judge } from '../rules/verdict.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';
import type { Judging } from './judging.ts';
import type { WireOptions } from './options.ts';
import { readSecrets } from './secrets.ts';
import { askedVersion } from './version-choice.ts';

/** This host as `diagnose` judges it. */
export interface JudgedHost {
  readonly facts: Facts;
  readonly checks: readonly Check[];
  /** Why nothing can be judged: no trace of coturn was found. */
  readonly nothing?: string;
}

interface JudgeOptions extends WireOptions {
  readonly config?: string;
}

/** Gathers and judges, as often as it is called. @throws {UsageError} {HostError} */
export async function hostJudge(
  options: JudgeOptions,
  judging: Judging,
  io: Io,
): Promise<() => Promise<JudgedHost>> {
  const given = await readSecrets(options, io);
  const version = judging.asVersion === undefined ? undefined : askedVersion(judging.asVersion);
  const around: Surroundings = {
    host: io.host,
    net: io.net,
    clock: io.clock,
    signal: io.signal,
    timeoutMs: options.timeout * 1000,
    onProgress: text => io.progress.update(text),
  };
  return async () => {
    const { facts, nothing } = await gatherThisHost(around, { given, version, configPath: options.config });
    const checks = runRules(judging.rules, facts, Date.parse(facts.observedAt), judging.baseline);
    return { facts, checks, ...(nothing === undefined ? {} : { nothing }) };
  };
}

/** The exit code that `diagnose` would end with. */
export const exitCodeFor = ({ facts, checks, nothing }: JudgedHost, failOn: FailOn): ExitCode =>
  nothing === undefined ? exitCodeOf(checks, failOn, whyInconclusive(facts, checks) !== undefined) : 3;

/** The report that `diagnose` would print, under another command's name. */
export function reportOn(
  { facts, checks, nothing }: JudgedHost,
  {
    command,
    exitCode,
    startedMs,
    io,
  }: { readonly command: string; readonly exitCode: ExitCode; readonly startedMs: number; readonly io: Io },
): Report {
  const capped = capFindings(checks);
  return {
    tool: { name: 'turnctl', version: io.version },
    command,
    observedAt: facts.observedAt,
    target: { host: io.host.name, note: 'this host' },
    ...(facts.version.known ? { judgedAs: facts.version.value } : {}),
    verdict: judge(
      {
        checks: capped,
        exitCode,
        unreachable: nothing,
        inconclusive: whyInconclusive(facts, capped),
        allWell: allWell(facts),
      },
      rules,
    ),
    checks: capped,
    observations: facts.wire.known ? facts.wire.value.observations : [],
    timingsMs: { total: Math.round(io.clock.monotonic() - startedMs) },
    facts,
    sources: facts.config.known ? [facts.config.value] : [],
  };
}
