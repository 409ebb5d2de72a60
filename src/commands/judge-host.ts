import { gatherThisHost } from '../facts/gather.ts';
import type { Facts } from '../model/facts.ts';
import type { Check, ExitCode, FailOn } from '../model/report.ts';
import { whyInconclusive } from '../rules/conclusion.ts';
import { runRules } from '../rules/run.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';
import type { Judging } from './judging.ts';
import type { WireOptions } from './options.ts';
import { readSecrets } from './secrets.ts';
import { surroundingsOf } from './surroundings.ts';
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
  const around = surroundingsOf(io, options.timeout * 1000);
  return async () => {
    const { facts, nothing } = await gatherThisHost(around, { given, version, configPath: options.config });
    const checks = runRules(judging.rules, facts, Date.parse(facts.observedAt), judging.baseline);
    return { facts, checks, ...(nothing === undefined ? {} : { nothing }) };
  };
}

/** The exit code that `diagnose` would end with. */
export const exitCodeFor = ({ facts, checks, nothing }: JudgedHost, failOn: FailOn): ExitCode =>
  nothing === undefined ? exitCodeOf(checks, failOn, whyInconclusive(facts, checks) !== undefined) : 3;
