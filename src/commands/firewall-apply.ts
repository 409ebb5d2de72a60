import { whyDoorsWorse } from '../fixes/door-states.ts';
import { planOpenings } from '../fixes/open-ports.ts';
import { type Outcome, transact } from '../fixes/transaction.ts';
import type { FirewallSection } from '../model/firewall.ts';
import type { ExitCode } from '../model/report.ts';
import { renderFirewallOutcome, renderFirewallPlan } from '../report/firewall.ts';
import { type FirewallPlanOptions, firewallDocument, planOf } from './firewall-plan.ts';
import { surveyFirewall } from './firewall-survey.ts';
import { inSoundJournal } from './in-journal.ts';
import type { Io } from './io.ts';
import { printDocument, printText } from './print-document.ts';
import { UsageError } from './usage-error.ts';

export interface FirewallApplyOptions extends FirewallPlanOptions {
  readonly yes?: boolean;
}

/**
 * Opens what is shut as one transaction, and looks again. 4 when it was worse and is put back, 3 when it could not be put
 * back, 1 when something stays shut. @throws {UsageError} {HostError}
 */
export async function runFirewallApply(options: FirewallApplyOptions, io: Io): Promise<number> {
  if (options.yes !== true && io.dialogue === null) {
    throw new UsageError(
      'firewall apply asks before it changes anything, and there is no terminal',
      '--yes does not ask; turnctl firewall plan shows what it would do.',
    );
  }
  const survey = await surveyFirewall(options, io);
  const openings = planOpenings(survey.needed, survey.state);
  const left = openings.stuck.length > 0 ? 1 : 0;
  const document = firewallDocument('firewall apply', survey, openings, io);
  const preview = renderFirewallPlan(survey.section, openings, io.rendering);
  if (io.signal.aborted) return 130;
  if (openings.steps.length === 0) {
    if (options.json === true)
      await printDocument({ ...document, outcome: { state: 'nothing-to-do' } }, options, io);
    else await printText(() => preview, options, io);
    return left;
  }
  io.progress.stop();
  if (options.yes !== true) {
    io.stderr(preview);
    if (!(await isConfirmed(io))) {
      io.stderr('Nothing was changed.\n');
      return io.signal.aborted ? 130 : left;
    }
  }
  let after: FirewallSection | null = null;
  const outcome = await applyPlan(planOf(survey.section.needed, openings.steps), io, async () => {
    after = (await surveyFirewall(options, io)).section;
    return whyDoorsWorse(survey.section.needed, after.needed, openings.stuck);
  });
  if (options.json === true) await printDocument({ ...document, outcome, after }, options, io);
  else await printText(rendering => renderFirewallOutcome(openings.steps, outcome, rendering), options, io);
  return exitCodeOf(outcome, left);
}

async function isConfirmed({ dialogue }: Io): Promise<boolean> {
  const answer = await dialogue?.(ask => ask('Do this? [y/N] '));
  return /^y(es)?$/i.test(answer ?? '');
}

const applyPlan = (
  plan: ReturnType<typeof planOf>,
  io: Io,
  verify: () => Promise<string | null>,
): Promise<Outcome> =>
  inSoundJournal('firewall apply', io, journal =>
    transact(journal, plan, {
      command: 'firewall apply',
      now: io.clock.now,
      signal: io.signal,
      verify,
      // Rules that let more in cut nobody off: nothing waits to be confirmed.
      confirm: async () => true,
      onStep: step => io.progress.update(step === 'activate' ? step : step.why),
    }),
  );

function exitCodeOf({ state }: Outcome, left: 0 | 1): ExitCode {
  if (state === 'undone') return 4;
  return state === 'kept' ? left : 3;
}
