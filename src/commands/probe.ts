import type { Command } from 'commander';
import { gatherTarget } from '../facts/gather.ts';
import type { FactName } from '../model/facts.ts';
import type { Observation, ProbeName } from '../model/observation.ts';
import type { ExitCode, Report, Verdict } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { formatUri } from '../model/target.ts';
import { capFindings } from '../rules/cap-findings.ts';
import { rules as RULES } from '../rules/index.ts';
import { describeObservation } from '../rules/outcome-words.ts';
import { runRules } from '../rules/run.ts';
import { judge } from '../rules/verdict.ts';
import { wentWell } from '../rules/went-well.ts';
import { domainOf } from '../turn/uri.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';
import type { JudgingOptions, ReportOptions, WireOptions } from './options.ts';
import { addJudgingOptions, addOutputOptions, addWireOptions } from './options.ts';
import { printReport } from './print-report.ts';
import { PROBE_KINDS } from './probe-kinds/index.ts';
import type { ProbeKind } from './probe-kinds/kind.ts';
import { type TargetOptions, targetsOf, urisFor } from './probe-targets.ts';
import { selectRules } from './rule-selection.ts';
import { readSecrets } from './secrets.ts';
import { surroundingsOf } from './surroundings.ts';
import { addTranscriptOptions, type TranscriptOptions, wireOf } from './transcript.ts';
import { askedVersion } from './version-choice.ts';

export interface ProbeOptions
  extends Pick<ReportOptions, 'format' | 'json' | 'output'>,
    JudgingOptions,
    TargetOptions,
    TranscriptOptions,
    WireOptions {
  /** Of the kinds that have the flag. */
  readonly config?: string;
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
      .argument('[target...]', 'hosts, addresses, or stun: or turn: URIs (default: those of --api)')
      .option('--targets <file>', 'a file with a target a line; - is standard input');
    addOutputOptions(
      addJudgingOptions(addTranscriptOptions(addWireOptions(kind.addOptions?.(child) ?? child))),
    ).action(async (target: readonly string[], flags: Omit<ProbeOptions, 'target'>) =>
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
  const asked = await targetsOf(options, kind, io);
  const uris = asked.flatMap(target => urisFor(kind, target));
  if ((await kind.before?.(uris, options, io)) === 'stop') return 0;
  for (const line of kind.plan?.(options) ?? []) io.stderr(`${line}\n`);
  const given = await readSecrets(options, io);
  const { steps, settings, timeoutMs = options.timeout * 1000 } = kind.probing(options, given, uris.length);
  const wire = wireOf(options, io);
  const [only = ''] = asked;
  const { facts, targets } = await gatherTarget(surroundingsOf({ ...io, net: wire.net }, timeoutMs), {
    targets: uris,
    bare: uris.length > asked.length,
    ...(asked.length === 0 ? { offered: kind.fits } : {}),
    ...(asked.length === 1 ? { domain: domainOf(only) } : {}),
    steps: new Set(steps),
    settings,
    given,
    configPath: options.config,
    version: options.asVersion === undefined ? undefined : askedVersion(options.asVersion),
  });
  if (io.signal.aborted) {
    await wire.save();
    return 130;
  }
  const { observations, notOffered = [] } = facts.wire.known ? facts.wire.value : { observations: [] };
  const endpoint = facts.endpoint.known ? facts.endpoint.value : undefined;
  const chosen = selectRules(RULES.filter(endpoint ? judgesWireOrEndpoint : judgesWire), options);
  const checks = runRules(chosen, facts, Date.parse(facts.observedAt));
  const tally = tallyOf(observations, kind);
  const found = exitCodeOf(checks, options.failOn ?? 'error', false);
  // Without a single conversation it is the endpoint that was judged.
  const nothingTried = targets.length === 0 && found === 1;
  const exitCode: ExitCode = tally.exitCode === 0 || nothingTried ? found : tally.exitCode;
  const judged = judge({ checks, exitCode, allWell: tally.headline }, RULES);
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: `probe ${kind.name}`,
    observedAt: facts.observedAt,
    target: {
      host: asked.length > 1 ? `${asked.length} targets` : (targets[0]?.host ?? endpoint?.url ?? only),
      ...(targets.length === 1 && targets[0] ? { uri: formatUri(targets[0]) } : {}),
    },
    // What is found and fails nobody is shown too, under the count of conversations.
    verdict: found === 1 ? judged : { ...tally, exitCode, causes: judged.causes },
    checks: capFindings(checks),
    observations: [...observations, ...notOffered],
    ...(endpoint ? { endpoint } : {}),
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    ...wire.transcript(),
    sources: [],
  };
  await printReport(report, { ...options, failOn: options.failOn ?? 'error' }, io);
  await wire.save();
  return exitCode;
}

const ON_THE_WIRE: ReadonlySet<FactName> = new Set(['wire', 'version', 'credential', 'endpoint']);

/** Whether a rule looks at the wire, and needs nothing that a probe does not see. */
const judgesWire = ({ needs, either, uses }: Rule): boolean =>
  [...needs, ...either, ...uses].includes('wire') && needs.every(name => ON_THE_WIRE.has(name));

/** Whether a rule says something about the wire, or about what the credential endpoint hands out. */
const judgesWireOrEndpoint = (rule: Rule): boolean =>
  judgesWire(rule) ||
  ([...rule.needs, ...rule.either].some(name => name === 'endpoint' || name === 'credential') &&
    rule.needs.every(name => ON_THE_WIRE.has(name)));

/** Names are looked up for the sake of the conversations, and count when they fail; most domains have no SRV records. */
const NO_CONVERSATION: ReadonlySet<ProbeName> = new Set(['dns', 'dns-discovery']);

function tallyOf(observations: readonly Observation[], { name }: ProbeKind): Verdict {
  const tried = observations.filter(
    o =>
      (!NO_CONVERSATION.has(o.probe) || !wentWell(o)) &&
      !(o.probe === 'turn-trial' && o.outcome === 'skipped'),
  );
  if (tried.length === 0) {
    const headline = `Nothing was probed: the endpoint hands out no URI for probe ${name}`;
    return { status: 'inconclusive', headline, exitCode: 3, causes: [] };
  }
  const good = tried.filter(wentWell);
  const what = `${good.length} of ${tried.length} ${name.toUpperCase()} conversations went well`;
  const exitCode: ExitCode = good.length === tried.length ? 0 : good.length > 0 ? 1 : 3;
  const status = exitCode === 0 ? 'ok' : exitCode === 1 ? 'findings' : 'inconclusive';
  const [bad] = tried.filter(o => !wentWell(o));
  return { status, headline: bad === undefined ? what : `${what}: ${whyBad(bad)}`, exitCode, causes: [] };
}

function whyBad(observation: Observation): string {
  if (observation.outcome === 'challenged') return 'no credentials were given (--secret-file, --user, --api)';
  return describeObservation(observation);
}
