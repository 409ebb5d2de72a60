import { type Gathered, gatherThisHost } from '../../facts/gather.ts';
import { gatherServiceState } from '../../facts/service-state.ts';
import { HostError } from '../../host/host.ts';
import type { Check, ExitCode, Report } from '../../model/report.ts';
import { controlOf } from '../../model/service-control.ts';
import type { ServiceAction, ServiceState } from '../../model/service-state.ts';
import { REACHABILITY } from '../../probes/plan.ts';
import { capFindings } from '../../rules/cap-findings.ts';
import { fatalAtStart } from '../../rules/fatal-at-start.ts';
import { rules } from '../../rules/index.ts';
import { runRules } from '../../rules/run.ts';
import { judge } from '../../rules/verdict.ts';
import type { Operating } from '../../service/operating.ts';
import { exitCodeOf } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { ReportOptions, WireOptions } from '../options.ts';
import { printReport } from '../print-report.ts';
import { readSecrets } from '../secrets.ts';
import { surroundingsOf } from '../surroundings.ts';
import { askedVersion } from '../version-choice.ts';
import { serviceRules } from './rules.ts';

export interface ServiceOptions
  extends Pick<ReportOptions, 'format' | 'json' | 'output' | 'failOn' | 'asVersion'>,
    Pick<WireOptions, 'timeout'> {
  readonly verb: 'status' | 'restart' | 'reload' | 'drain';
  readonly config?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly wait: number;
  readonly deadline: number;
  readonly afterwards: 'restart' | 'stop' | 'nothing';
}

/** The service as it is found, and on the wire. */
export interface Looked {
  readonly gathered: Gathered;
  readonly state: ServiceState | null;
  readonly checks: readonly Check[];
  readonly startedMs: number;
}

/** Gathers what there is, and judges it. @throws {UsageError} {HostError} */
export async function look(
  options: ServiceOptions,
  io: Io,
  startedMs = io.clock.monotonic(),
): Promise<Looked> {
  const version = options.asVersion === undefined ? undefined : askedVersion(options.asVersion);
  const gathered = await gatherThisHost(surroundingsOf(io, options.timeout * 1000), {
    given: await readSecrets(options, io),
    version,
    configPath: options.config,
    steps: REACHABILITY,
    // Allocations of ours would be counted among those of clients for a second after they are given back.
    challengesOnly: true,
  });
  const { facts, settings = null } = gathered;
  const state = await gatherServiceState(io.host, facts, settings);
  const checks = capFindings(runRules(serviceRules, facts, Date.parse(facts.observedAt)));
  return { gathered, state, checks, startedMs };
}

/** Checks over which coturn would not come up again. */
export const fatalChecks = ({ gathered: { facts, settings } }: Looked): readonly Check[] =>
  settings ? fatalAtStart(facts, settings, Date.parse(facts.observedAt)) : [];

/** What acts on the service. @throws {HostError} where there is none, or nobody to tell */
export function operatingOn({ gathered }: Looked, options: ServiceOptions, io: Io): Operating {
  const { facts, settings, targets, credential } = gathered;
  if (!facts.service.known) {
    throw new HostError('not-found', `there is no service of coturn: ${facts.service.reason}`);
  }
  const service = facts.service.value;
  const control = controlOf(service);
  if (control === undefined) {
    throw new HostError('not-found', 'no service manager is in charge of coturn here');
  }
  if (settings === null || settings === undefined) {
    const reason = facts.config.known ? 'it is not known' : facts.config.reason;
    throw new HostError('permission-denied', `the configuration is needed: ${reason}`, {
      hint: 'Run turnctl as root.',
    });
  }
  return {
    ...{ host: io.host, net: io.net, clock: io.clock, signal: io.signal },
    ...{ service, control, settings, targets, credential },
    onProgress: text => io.progress.update(text),
    before: facts.wire.known ? facts.wire.value.observations : [],
    patienceMs: options.wait * 1000,
  };
}

/** What to print, and how it ended. */
export interface Told {
  readonly allWell: string;
  readonly action?: ServiceAction;
  /** In place of what was looked at, where that is more to the point. */
  readonly checks?: readonly Check[];
  /** Where checks alone do not tell. */
  readonly failed?: string;
  /** Why it cannot be told from here, unless a check has found why. */
  readonly inconclusive?: string | undefined;
}

/** Prints the report. @throws {HostError} */
export async function tell(looked: Looked, told: Told, options: ServiceOptions, io: Io): Promise<ExitCode> {
  const { gathered, state, startedMs } = looked;
  const { facts } = gathered;
  const checks = told.checks ?? looked.checks;
  const judged = exitCodeOf(checks, options.failOn ?? 'error', told.inconclusive !== undefined);
  const exitCode =
    gathered.nothing !== undefined ? 3 : judged === 0 && told.failed !== undefined ? 1 : judged;
  const { allWell, inconclusive } = told;
  const verdict = judge({ checks, exitCode, unreachable: gathered.nothing, inconclusive, allWell }, rules);
  // What was asked for and not done comes before what is wrong with the service.
  const comesFirst = told.failed !== undefined && (verdict.status === 'ok' || told.action?.kind === 'none');
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: `service ${options.verb}`,
    observedAt: facts.observedAt,
    target: { host: io.host.name, note: state === null ? 'this host' : `${state.name} of ${io.host.name}` },
    ...(facts.version.known ? { judgedAs: facts.version.value } : {}),
    verdict: comesFirst ? { ...verdict, status: 'findings', headline: told.failed ?? '' } : verdict,
    checks,
    observations: facts.wire.known ? facts.wire.value.observations : [],
    timingsMs: { total: Math.round(io.clock.monotonic() - startedMs) },
    service: { state, ...(told.action === undefined ? {} : { action: told.action }) },
    sources: facts.config.known ? [facts.config.value] : [],
  };
  await printReport(report, options, io);
  return exitCode;
}
