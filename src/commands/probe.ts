import type { Command } from 'commander';
import { gatherTarget } from '../facts/gather.ts';
import type { FactName } from '../model/facts.ts';
import type { Observation, ProbeName } from '../model/observation.ts';
import type { ExitCode, Report, Verdict } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import { capFindings } from '../rules/cap-findings.ts';
import { rules as RULES } from '../rules/index.ts';
import { describeObservation } from '../rules/outcome-words.ts';
import { runRules } from '../rules/run.ts';
import { judge } from '../rules/verdict.ts';
import { wentWell } from '../rules/went-well.ts';
import { domainOf, parseServerUri } from '../turn/uri.ts';
import { maskUri } from '../util/mask.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';
import type { JudgingOptions, ReportOptions, WireOptions } from './options.ts';
import { addJudgingOptions, addOutputOptions, addWireOptions } from './options.ts';
import { printReport } from './print-report.ts';
import { PROBE_KINDS } from './probe-kinds/index.ts';
import type { ProbeKind } from './probe-kinds/kind.ts';
import { selectRules } from './rule-selection.ts';
import { readSecrets } from './secrets.ts';
import { surroundingsOf } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { askedVersion } from './version-choice.ts';

export interface ProbeOptions
  extends Pick<ReportOptions, 'format' | 'json' | 'output'>,
    JudgingOptions,
    WireOptions {
  readonly target: string;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runProbe = runProbe,
): void {
  for (const kind of PROBE_KINDS) {
    const child = command
      .command(kind.name)
      .description(kind.summary)
      .argument('<target>', 'host, address, or stun:, stuns:, turn:, turns: URI');
    addOutputOptions(addJudgingOptions(addWireOptions(kind.addOptions?.(child) ?? child))).action(
      async (target: string, flags: Omit<ProbeOptions, 'target'>) =>
        done(await run(kind, { ...flags, target }, io)),
    );
  }
}

/**
 * Probes, and judges what came of it by the rules that need nothing but the wire: 0 when every conversation went well
 * and nothing was found, 1 else, 3 when none went well.
 */
export async function runProbe(kind: ProbeKind, options: ProbeOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const targets = urisFor(kind, options.target);
  for (const line of kind.plan?.(options) ?? []) io.stderr(`${line}\n`);
  const { steps, settings, timeoutMs = options.timeout * 1000 } = kind.probing(options);
  const { facts } = await gatherTarget(surroundingsOf(io, timeoutMs), {
    targets,
    bare: targets.length > 1,
    domain: domainOf(options.target),
    steps: new Set(steps),
    settings,
    given: await readSecrets(options, io),
    version: options.asVersion === undefined ? undefined : askedVersion(options.asVersion),
  });
  if (io.signal.aborted) return 130;
  const { observations, notOffered = [] } = facts.wire.known ? facts.wire.value : { observations: [] };
  const chosen = selectRules(RULES.filter(judgesWire), options);
  const checks = runRules(chosen, facts, Date.parse(facts.observedAt));
  const tally = tallyOf(observations, kind);
  const found = exitCodeOf(checks, options.failOn ?? 'error', false);
  const exitCode: ExitCode = tally.exitCode === 0 ? found : tally.exitCode;
  const judged = judge({ checks, exitCode, allWell: tally.headline }, RULES);
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: `probe ${kind.name}`,
    observedAt: facts.observedAt,
    target: {
      host: targets[0]?.host ?? options.target,
      ...(targets.length === 1 && targets[0] ? { uri: formatUri(targets[0]) } : {}),
    },
    // What is found and fails nobody is shown too, under the count of conversations.
    verdict: found === 1 ? judged : { ...tally, exitCode, causes: judged.causes },
    checks: capFindings(checks),
    observations: [...observations, ...notOffered],
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    sources: [],
  };
  await printReport(report, { ...options, failOn: options.failOn ?? 'error' }, io);
  return exitCode;
}

const ON_THE_WIRE: ReadonlySet<FactName> = new Set(['wire', 'version', 'credential', 'endpoint']);

/** Whether a rule looks at the wire, and needs nothing that a probe does not see. */
const judgesWire = ({ needs, either, uses }: Rule): boolean =>
  [...needs, ...either, ...uses].includes('wire') && needs.every(name => ON_THE_WIRE.has(name));

/** @throws {UsageError} for a target that is none, or one that this kind of probe has no use for */
function urisFor(kind: ProbeKind, target: string): readonly ServerUri[] {
  const parsed = parseServerUri(target);
  if ('problem' in parsed) throw new UsageError(maskUri(`${target}: ${parsed.problem}`));
  const fitting = parsed.uris.filter(kind.fits);
  if (fitting.length > 0) return fitting;
  throw new UsageError(`${target} cannot be probed for ${kind.name}`, kind.instead);
}

/** Names are looked up for the sake of the conversations, and count when they fail; most domains have no SRV records. */
const NO_CONVERSATION: ReadonlySet<ProbeName> = new Set(['dns', 'dns-discovery']);

function tallyOf(observations: readonly Observation[], { name }: ProbeKind): Verdict {
  const tried = observations.filter(
    o =>
      (!NO_CONVERSATION.has(o.probe) || !wentWell(o)) &&
      !(o.probe === 'turn-trial' && o.outcome === 'skipped'),
  );
  const good = tried.filter(wentWell);
  const what = `${good.length} of ${tried.length} ${name.toUpperCase()} conversations went well`;
  const exitCode: ExitCode = good.length === tried.length && tried.length > 0 ? 0 : good.length > 0 ? 1 : 3;
  const status = exitCode === 0 ? 'ok' : exitCode === 1 ? 'findings' : 'inconclusive';
  const [bad] = tried.filter(o => !wentWell(o));
  return { status, headline: bad === undefined ? what : `${what}: ${whyBad(bad)}`, exitCode, causes: [] };
}

function whyBad(observation: Observation): string {
  if (observation.outcome === 'challenged') return 'no credentials were given (--secret-file, --user, --api)';
  return describeObservation(observation);
}
