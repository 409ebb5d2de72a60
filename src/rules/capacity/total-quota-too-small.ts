import { defineRule } from '../../model/rule.ts';
import { quotaProblem, quotaReached, settingsIfKnown } from '../quota.ts';
import { hasAllocated, nothingFound } from '../wire-evidence.ts';

/** Two sides of one call, each with an allocation over UDP and one over TCP, and a second call. */
const ENOUGH = 8;

export default defineRule({
  id: 'capacity/total-quota-too-small',
  meta: {
    title: 'total-quota is smaller than what a few calls take',
    effect: 'Calls get no relay once a few allocations are open',
    why: 'The quota counts the allocations of all users of a realm. Each side of a call takes one for every turn: URL in its list; beyond the quota everyone gets 486.',
    remedy:
      'Set total-quota to about four times the number of simultaneous calls, or delete the line for no limit.',
    severity: 'error',
    explainedBy: ['config/silent-fallback'],
    references: ['RFC 8656 §7.2'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const settings = settingsIfKnown(config, version);
    const reached = quotaReached(wire);
    const consequence = 'is reached by two calls, of all users together';
    const problem = settings && quotaProblem('total-quota', ENOUGH, consequence, settings, reached);
    const hasUserQuota = (settings?.number('user-quota') ?? 0) > 0;
    // The answer does not say which of the two was reached, and the smaller one is the likelier.
    if (problem) return [reached && hasUserQuota ? { ...problem, severity: 'warning' } : problem];
    if (reached === undefined) return nothingFound(config, hasAllocated(wire), 'no allocation was made');
    if (hasUserQuota) return [];
    return [
      {
        message:
          settings === null
            ? 'A quota of the server is reached'
            : 'A quota is reached, and the file has none',
        evidence: reached,
        remedy:
          'Look at total-quota, user-quota and bps-capacity, in the file, in the database (turnadmin -g) and in the telnet CLI.',
      },
    ];
  },
});
