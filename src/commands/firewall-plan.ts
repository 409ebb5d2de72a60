import { type OpeningPlan, planOpenings } from '../fixes/open-ports.ts';
import type { RuleId } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import { renderFirewallPlan } from '../report/firewall.ts';
import { type FirewallOptions, type FirewallSurvey, surveyFirewall } from './firewall-survey.ts';
import type { Io } from './io.ts';
import { printDocument, printText } from './print-document.ts';

export interface FirewallPlanOptions extends FirewallOptions {
  readonly json?: boolean;
  readonly output?: string;
}

/** Shows what would open what is shut, and changes nothing. 1 when something would stay shut. @throws {UsageError} {HostError} */
export async function runFirewallPlan(options: FirewallPlanOptions, io: Io): Promise<number> {
  const survey = await surveyFirewall(options, io);
  if (io.signal.aborted) return 130;
  const openings = planOpenings(survey.needed, survey.state);
  if (options.json === true) {
    await printDocument(firewallDocument('firewall plan', survey, openings, io), options, io);
  } else {
    await printText(rendering => renderFirewallPlan(survey.section, openings, rendering), options, io);
  }
  return openings.stuck.length > 0 ? 1 : 0;
}

/** The document of `--json`: what is, and what is to be done. */
export const firewallDocument = (
  command: string,
  { facts, section }: FirewallSurvey,
  { stuck, notes, steps }: OpeningPlan,
  io: Io,
) => ({
  schemaVersion: 1,
  tool: { name: 'turnctl', version: io.version },
  command,
  observedAt: facts.observedAt,
  target: { host: io.host.name },
  firewall: section,
  plan: planOf(section.needed, steps),
  stuck,
  notes,
});

/** Rules that only let more in: nobody loses a connection or a way in. */
export const planOf = (needed: FirewallSurvey['section']['needed'], steps: OpeningPlan['steps']): Plan => {
  const shut = needed.filter(({ states }) => states.some(it => it.state === 'shut' || it.state === 'partly'));
  const resolves: RuleId[] = [
    ...(shut.some(({ use }) => !use.endsWith('relay')) ? (['firewall/listening-port-closed'] as const) : []),
    ...(shut.some(({ use }) => use.endsWith('relay')) ? (['firewall/relay-range-closed'] as const) : []),
  ];
  return { resolves, steps, risk: 'none' };
};
