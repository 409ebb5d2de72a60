import type { Gathered } from '../facts/gather.ts';
import type { Coldstart } from '../model/coldstart.ts';
import type { Report } from '../model/report.ts';
import { capFindings } from '../rules/cap-findings.ts';
import { allWell, whyInconclusive, whyUnreachable } from '../rules/conclusion.ts';
import { rules } from '../rules/index.ts';
import { runRules } from '../rules/run.ts';
import { judge } from '../rules/verdict.ts';
import { judgeWithBaseline } from './baseline-file.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';
import type { Judging } from './judging.ts';

interface About {
  readonly command: string;
  readonly target: Report['target'];
  /** On the monotonic clock, in milliseconds. */
  readonly started: number;
  readonly coldstart?: Coldstart;
}

/** Judges all that was gathered, and makes the report of it. */
export async function judgedReport(
  gathered: Gathered,
  judging: Judging,
  { command, target, started, coldstart }: About,
  io: Io,
): Promise<Report> {
  const { facts } = gathered;
  const judgedAt = Date.parse(facts.observedAt);
  const all = await judgeWithBaseline(
    before => runRules(judging.rules, facts, judgedAt, before),
    judging,
    io,
  );
  const checks = capFindings(all);
  const unreachable = gathered.nothing ?? whyUnreachable(facts);
  const inconclusive = whyInconclusive(facts, checks);
  const exitCode =
    unreachable === undefined ? exitCodeOf(checks, judging.failOn, inconclusive !== undefined) : 3;
  return {
    tool: { name: 'turnctl', version: io.version },
    command,
    observedAt: facts.observedAt,
    target,
    ...(facts.version.known ? { judgedAs: facts.version.value } : {}),
    verdict: judge({ checks, exitCode, unreachable, inconclusive, allWell: allWell(facts) }, rules),
    checks,
    observations: facts.wire.known
      ? [...facts.wire.value.observations, ...(facts.wire.value.notOffered ?? [])]
      : [],
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    facts,
    ...(coldstart === undefined ? {} : { coldstart }),
    sources: facts.config.known ? [facts.config.value] : [],
  };
}
