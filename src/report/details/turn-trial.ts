import { type Observation, observed } from '../../model/observation.ts';
import type { TrialObservation } from '../../model/observations/turn-trial.ts';
import { formatAddress } from '../../model/transport.ts';
import { trialVerdict } from '../../rules/trial-verdict.ts';
import { plural } from '../../util/text.ts';
import type { Style } from '../style.ts';
import { wrap } from '../text.ts';

const NAME_WIDTH = 16;
const MS_WIDTH = 6;
const INDENT = 4;

/** What was tried with each relay: sign, trial, milliseconds, result and meaning. */
export function renderTrials(observations: readonly Observation[], width: number, style: Style): string[] {
  const trials = observed(observations, 'turn-trial');
  const labels = [...new Set(trials.map(labelOf))];
  return labels.flatMap(label => [
    `${style.chalk.bold(label)}  ${style.chalk.dim('tried with the relay, ms, result and meaning')}`,
    ...tableOf(
      trials.filter(trial => labelOf(trial) === label),
      width,
      style,
    ),
  ]);
}

const labelOf = ({ transport, server, uri }: TrialObservation): string =>
  server === undefined ? uri : `${transport} ${formatAddress(server)}`;

function tableOf(trials: readonly TrialObservation[], width: number, style: Style): string[] {
  const signs = { good: style.sign.passed, note: style.sign.info, bad: style.sign.failed };
  const rows = trials.flatMap(observation => {
    const verdict = trialVerdict(observation);
    if (verdict === null) return [];
    const { mark, result, meaning } = verdict;
    const ms = observation.stagesMs.trial ?? 0;
    const text = wrap(`${result}: ${meaning}`, width - INDENT - NAME_WIDTH - MS_WIDTH - 2);
    const sign = mark === 'bad' ? style.severity('error', signs.bad) : signs[mark];
    return text.map((line, index) =>
      index === 0
        ? `  ${sign} ${observation.trial.padEnd(NAME_WIDTH)}${format(ms).padStart(MS_WIDTH)}  ${line}`
        : `${''.padEnd(INDENT + NAME_WIDTH + MS_WIDTH + 2)}${line}`,
    );
  });
  return [...rows, ...untriedLines(trials, width)];
}

const format = (ms: number): string => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));

/** Those that were not made, together where the reason is one. */
function untriedLines(trials: readonly TrialObservation[], width: number): string[] {
  const reasons = new Map<string, string[]>();
  for (const observation of trials) {
    if (observation.outcome !== 'skipped') continue;
    reasons.set(observation.reason, [...(reasons.get(observation.reason) ?? []), observation.trial]);
  }
  return [...reasons].flatMap(([reason, names]) => {
    const which = names.length > 3 ? plural(names.length, 'trial') : names.join(', ');
    return wrap(`${which} not tried: ${reason}`, width - INDENT).map(line => `${''.padEnd(INDENT)}${line}`);
  });
}
