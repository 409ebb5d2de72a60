import type { Command } from 'commander';
import { gatherTarget } from '../facts/gather.ts';
import type { FactName } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { ExitCode, Report, Verdict } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import { capFindings } from '../rules/cap-findings.ts';
import { rules as RULES } from '../rules/index.ts';
import { describeObservation } from '../rules/outcome-words.ts';
import { runRules } from '../rules/run.ts';
import { judge } from '../rules/verdict.ts';
import { wentWell } from '../rules/went-well.ts';
import { parseServerUri } from '../turn/uri.ts';
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
import { addTranscriptOptions, type TranscriptOptions, wireOf } from './transcript.ts';
import { UsageError } from './usage-error.ts';
import { askedVersion } from './version-choice.ts';

export interface ProbeOptions
  extends Pick<ReportOptions, 'format' | 'json' | 'output'>,
    JudgingOptions,
    TranscriptOptions,
    WireOptions {
  /** None: those that `targets` names, or what `--api` hands out. */
  readonly target: readonly string[];
  /** A file with a target a line. */
  readonly targets?: string;
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
      .argument(
        '[target...]',
        'hosts, addresses, or stun:, stuns:, turn:, turns: URIs (default: those of --api)',
      )
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
  const named = await targetsOf(options, io);
  const asked = named.flatMap(target => urisFor(kind, target));
  if ((await kind.before?.(asked, options, io)) === 'stop') return 0;
  const secrets = await readSecrets(options, io);
  const { steps, settings, timeoutMs = options.timeout * 1000 } = kind.probing(options, secrets);
  const wire = wireOf(options, io);
  const { facts, targets } = await gatherTarget(surroundingsOf({ ...io, net: wire.net }, timeoutMs), {
    targets: asked,
    bare: asked.length > named.length,
    ...(named.length === 0 ? { offered: kind.fits } : {}),
    steps: new Set(steps),
    settings,
    given: secrets,
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
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: `probe ${kind.name}`,
    observedAt: facts.observedAt,
    target: {
      host:
        named.length > 1 ? `${named.length} targets` : (targets[0]?.host ?? named[0] ?? endpoint?.url ?? ''),
      ...(targets.length === 1 && targets[0] ? { uri: formatUri(targets[0]) } : {}),
    },
    verdict:
      found === 1 ? judge({ checks, exitCode, allWell: tally.headline }, RULES) : { ...tally, exitCode },
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

/** What the command line and `--targets` name; blank lines and comments do not count. @throws {UsageError} when that is nothing */
async function targetsOf({ target, targets, api }: ProbeOptions, io: Io): Promise<readonly string[]> {
  const bytes =
    targets === undefined
      ? undefined
      : targets === '-'
        ? await io.readStdin()
        : await io.host.readFile(targets, { maxBytes: LARGEST_LIST });
  const lines = new TextDecoder().decode(bytes).split('\n');
  const listed = lines.map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#'));
  const all = [...new Set([...target, ...listed])];
  if (all.length === 0 && api === undefined)
    throw new UsageError('TARGET is missing', 'Give a host name or a URI, --targets FILE, or --api URL.');
  if (all.length > MOST_TARGETS) throw new UsageError(`${all.length} targets are more than ${MOST_TARGETS}`);
  return all;
}

const LARGEST_LIST = 1 << 20;
/** Each takes a socket or more at the same time. */
const MOST_TARGETS = 4000;

/** @throws {UsageError} for a target that is none, or one that this kind of probe has no use for */
function urisFor(kind: ProbeKind, target: string): readonly ServerUri[] {
  const parsed = parseServerUri(target);
  if ('problem' in parsed) throw new UsageError(maskUri(`${target}: ${parsed.problem}`));
  const fitting = parsed.uris.filter(kind.fits);
  if (fitting.length > 0) return fitting;
  throw new UsageError(`${target} cannot be probed for ${kind.name}`, kind.instead);
}

function tallyOf(observations: readonly Observation[], { name }: ProbeKind): Verdict {
  const tried = observations.filter(o => o.probe !== 'dns' || o.outcome === 'unresolved');
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
