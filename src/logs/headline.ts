import type { LogSection } from '../model/log-report.ts';
import { listed, plural } from '../util/text.ts';

/** One sentence: what the log says of calls, then the gravest cause. */
export function logHeadline(section: LogSection): string {
  const { sessionCount, outcomes, counts, verbose, lines } = section;
  if (lines === 0) return 'The log is empty';
  if (verbose !== true) return quiet(section);
  const allocated = outcomes.relayed + outcomes['one-way'] + outcomes['no-data'];
  if (sessionCount === 0) return 'No session fits what was asked for';
  const silent = outcomes['tls-failed'] === 0 ? '' : `, ${outcomes['tls-failed']} without TURN`;
  const said = `${plural(sessionCount, 'session')}: ${allocated} with an allocation, ${outcomes.refused} refused${silent}`;
  const grave = counts.filter(({ severity }) => severity === 'error').sort((a, b) => b.count - a.count);
  if (grave.length === 0) return said;
  return `${said}; above all ${listed(grave.slice(0, 3).map(({ title, count }) => `${title} (${count})`))}`;
}

/** Five things may be meant by an empty log; this is the one that the log itself tells. */
function quiet({ verbose, counts }: LogSection): string {
  const why =
    verbose === false
      ? 'verbose is off, so that a perfect call leaves no line'
      : 'no line of it is one that only verbose writes: verbose is off, or no client came';
  const errors = counts.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return `Nothing of any call was logged: ${why}`;
  const said = listed(errors.map(({ title, count }) => `${title} (${count})`));
  return `${said}; of calls nothing else was logged: ${why}`;
}
