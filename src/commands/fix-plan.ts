import { settingsOf } from '../config/settings.ts';
import { activationFor } from '../fixes/activation.ts';
import { allowLowPorts } from '../fixes/allow-low-ports.ts';
import { copyCertificate } from '../fixes/copy-certificate.ts';
import { enableService } from '../fixes/enable-service.ts';
import type { Site } from '../fixes/host-edits.ts';
import { makeLogFolder } from '../fixes/make-log-folder.ts';
import { planOpenings } from '../fixes/open-ports.ts';
import { openCertificate, openConfiguration } from '../fixes/open-to-service.ts';
import type { Repair, RepairContext } from '../fixes/repair.ts';
import { reloadCertificate, startService } from '../fixes/start-service.ts';
import type { FirewallState } from '../host/firewall/state.ts';
import type { Fact } from '../model/fact.ts';
import type { Facts } from '../model/facts.ts';
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
  const context: RepairContext = { facts, found, at, renewalHook };
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
  const openings = planDoors(input, config?.fact ?? known(facts.config), isAsked);
  const hostSteps = repairs.flatMap(({ repaired }) => repaired.steps);
  const editSteps = config?.steps ?? [];
  const needs = new Set(repairs.flatMap(({ repaired }) => repaired.needs ?? []));
  if (editSteps.length > 0) needs.add('restart');
  const service = known(facts.service);
  const activate = activationFor(service, needs);
  const steps: Step[] = [...editSteps, ...hostSteps, ...openings.steps];
  const resolves = [
    ...(config?.resolves ?? []),
    ...repairs.flatMap(({ repair }) => repair.rules.filter(rule => found(rule).length > 0)),
    ...(openings.steps.length > 0 ? FIREWALL_RULES.filter(rule => found(rule).length > 0) : []),
  ];
  const restarts = needs.has('restart') || needs.has('reload-units-and-restart');
  return {
    plan: {
      resolves: [...new Set(resolves)],
      steps,
      risk: restarts && service?.active === 'active' ? 'drops-allocations' : 'none',
      activate: activate ?? [],
    },
    left: rootCauses(checks).filter(
      ({ id, severity }) => severity !== 'info' && isAsked(id) && !resolves.includes(id),
    ),
    notes: [
      ...openings.notes,
      ...(file === null && facts.config.known && facts.config.value.foundBy === 'container'
        ? ['The configuration is inside a container: mend it where the container has it from.']
        : []),
      ...(activate === null
        ? ['No service manager of this host starts coturn: start it anew yourself.']
        : []),
    ],
  };
}

function planDoors(
  { facts, checks, firewall }: FixInput,
  config: Parameters<typeof settingsOf>[0] | undefined,
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

const NOTHING = { steps: [], notes: [] };

const failed = (checks: readonly Check[], rule: RuleId): Check | undefined =>
  checks.find(({ id, outcome }) => id === rule && outcome === 'failed');

const known = <T>(fact: Fact<T>): T | undefined => (fact.known ? fact.value : undefined);
