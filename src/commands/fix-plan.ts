import { settingsOf } from '../config/settings.ts';
import { startFailure } from '../config/start-failure.ts';
import { activationFor } from '../fixes/activation.ts';
import { allowLowPorts } from '../fixes/allow-low-ports.ts';
import { copyCertificate } from '../fixes/copy-certificate.ts';
import { enableService } from '../fixes/enable-service.ts';
import type { Site } from '../fixes/host-edits.ts';
import { makeLogFolder } from '../fixes/make-log-folder.ts';
import { planOpenings } from '../fixes/open-ports.ts';
import { openCertificate, openConfiguration } from '../fixes/open-to-service.ts';
import type { Repair, RepairContext } from '../fixes/repair.ts';
import { applyPendingFile, reloadCertificate, startService } from '../fixes/start-service.ts';
import type { FirewallState } from '../host/firewall/state.ts';
import type { Fact } from '../model/fact.ts';
import type { ConfigFact, Facts } from '../model/facts.ts';
import type { RuleId } from '../model/finding.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { Check } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { neededDoors } from '../rules/needed-doors.ts';
import { rootCauses } from '../rules/verdict.ts';
import { planConfigSteps } from './config-steps.ts';

/** In the order of their steps: what the service needs to start, before what others need to reach it. */
const REPAIRS: readonly Repair[] = [
  openConfiguration,
  openCertificate,
  copyCertificate,
  makeLogFolder,
  allowLowPorts,
  enableService,
  startService,
  applyPendingFile,
  reloadCertificate,
];

const FIREWALL_RULES: readonly RuleId[] = ['firewall/listening-port-closed', 'firewall/relay-range-closed'];

export interface FixInput {
  readonly facts: Facts;
  readonly checks: readonly Check[];
  readonly rules: readonly Rule[];
  readonly now: number;
  /** Rules to mend; every one without. */
  readonly named: readonly RuleId[];
  /** The configuration as turnctl reads and writes it; null where it is not a file of this host. */
  readonly file: { readonly path: string; readonly bytes: Uint8Array } | null;
  readonly firewall: FirewallState | null;
  readonly site: Site;
  readonly at: RepairContext['at'];
  readonly renewalHook: string;
}

export interface FixPlan {
  readonly plan: Plan;
  /** Causes for which there is no step. */
  readonly left: readonly Check[];
  /** What the operator must know, a sentence each. */
  readonly notes: readonly string[];
}

/** One plan for all that was found and can be mended without a decision of the operator's. Pure. */
export function planFix(input: FixInput): FixPlan {
  const { facts, checks, named, at, renewalHook, file } = input;
  const isNamed = (rule: RuleId) => named.includes(rule);
  const isAsked = (rule: RuleId) => named.length === 0 || isNamed(rule);
  const found = (rule: RuleId) => (isAsked(rule) ? (failed(checks, rule)?.findings ?? []) : []);
  const foundOf = (ids: readonly RuleId[]) => ids.filter(rule => found(rule).length > 0);
  const context: RepairContext = { facts, found, isNamed, at, renewalHook };
  const repairs = REPAIRS.flatMap(repair => {
    const repaired = repair.plan(context);
    return repaired === null ? [] : [{ repair, repaired }];
  });
  const config =
    file === null
      ? null
      : planConfigSteps({
          ...input,
          ...file,
          isAsked,
          isNamed,
          first: repairs.flatMap(({ repaired }) => repaired.edits ?? []),
        });
  const future = config?.fact ?? known(facts.config);
  const openings = planDoors(input, future, isAsked);
  const needs = new Set(repairs.flatMap(({ repaired }) => repaired.needs ?? []));
  if ((config?.steps.length ?? 0) > 0) needs.add('restart');
  const service = known(facts.service);
  const restarts = needs.has('restart') || needs.has('reload-units-and-restart');
  const isRunning = service?.active === 'active';
  const obstacle = restarts && isRunning ? whyNoStart(future, facts) : null;
  const mended = obstacle === null ? repairs : repairs.filter(({ repaired }) => repaired.needs === undefined);
  const activate = activationFor(service, obstacle === null ? needs : new Set());
  const resolves = [
    ...(obstacle === null ? (config?.resolves ?? []) : []),
    ...mended.flatMap(({ repair }) => foundOf(repair.rules)),
    ...(openings.steps.length > 0 ? foundOf(FIREWALL_RULES) : []),
  ];
  return {
    plan: {
      resolves: [...new Set(resolves)],
      steps: [
        ...(obstacle === null ? (config?.steps ?? []) : []),
        ...mended.flatMap(({ repair, repaired }) => resolving(repaired.steps, foundOf(repair.rules))),
        ...resolving(openings.steps, foundOf(FIREWALL_RULES)),
      ],
      risk: restarts && isRunning && obstacle === null ? 'drops-allocations' : 'none',
      activate: activate ?? [],
    },
    left: rootCauses(checks).filter(
      ({ id, severity }) => severity !== 'info' && isAsked(id) && !resolves.includes(id),
    ),
    notes: [
      ...openings.notes,
      ...(obstacle === null ? [] : [obstacle]),
      ...(restarts && failed(checks, 'service/restart-pending')
        ? [
            'coturn runs on an older configuration than its file has. Once it is started anew, the file counts.',
          ]
        : []),
      ...(file === null && facts.config.known && facts.config.value.foundBy === 'container'
        ? ['The configuration is inside a container: mend it where the container has it from.']
        : []),
      ...(activate === null
        ? ['No service manager of this host starts coturn: start it anew yourself.']
        : []),
    ],
  };
}

/** What coturn would exit over, were it started anew; while it runs, that is to be mended first. */
function whyNoStart(config: ConfigFact | undefined, { version }: Facts): string | null {
  if (config === undefined || !version.known) return null;
  const failure = startFailure(settingsOf(config, version.value.version));
  if (failure === undefined) return null;
  const place = failure.entry === undefined ? config.path : `${config.path}:${failure.entry.line}`;
  return `coturn runs, and would not survive a restart: ${failure.reason} (${place}). What needs one waits until that is mended.`;
}

function planDoors(
  { facts, checks, firewall }: FixInput,
  config: ConfigFact | undefined,
  isAsked: (rule: RuleId) => boolean,
): { readonly steps: readonly Step[]; readonly notes: readonly string[] } {
  const isShut = FIREWALL_RULES.some(rule => isAsked(rule) && failed(checks, rule) !== undefined);
  if (!isShut || firewall === null || config === undefined || !facts.version.known) return NOTHING;
  const settings = settingsOf(config, facts.version.value.version);
  const needed = neededDoors(settings, {
    addresses: known(facts.addresses),
    sockets: known(facts.sockets),
    tcpRelay: false,
  });
  return planOpenings(needed, firewall);
}

const resolving = (steps: readonly Step[], resolves: readonly RuleId[]): readonly Step[] =>
  steps.map(step => ({ ...step, resolves }));

const NOTHING = { steps: [], notes: [] };

const failed = (checks: readonly Check[], rule: RuleId): Check | undefined =>
  checks.find(({ id, outcome }) => id === rule && outcome === 'failed');

const known = <T>(fact: Fact<T>): T | undefined => (fact.known ? fact.value : undefined);
