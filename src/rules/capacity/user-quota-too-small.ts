import { defineRule } from '../../model/rule.ts';
import { quotaProblem, quotaReached, settingsIfKnown } from '../quota.ts';
import { hasAllocated, nothingFound } from '../wire-evidence.ts';

/**
 * A browser takes one allocation for each turn: URL and each local address: two URLs (UDP and TCP) on two interfaces
 * are four.
 */
const ENOUGH = 4;

export default defineRule({
  id: 'capacity/user-quota-too-small',
  meta: {
    title: 'user-quota is smaller than what one client takes',
    effect: 'Calls get no relay once a few allocations of the same user are open',
    why: 'A browser allocates once for every turn: URL in its list, on each of its interfaces, and keeps old allocations up to ten minutes after a lost connection. Beyond the quota it gets 486.',
    remedy: 'Set user-quota to 12 or more, or delete the line for no limit.',
    severity: 'error',
    explainedBy: ['config/silent-fallback'],
    references: ['RFC 8656 §7.2'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const settings = settingsIfKnown(config, version);
    const reached = quotaReached(wire);
    if (settings === null) {
      if (reached !== undefined) return { skip: 'which quota is reached, the answer 486 does not say' };
      return nothingFound(config, hasAllocated(wire), 'no allocation was made');
    }
    const consequence = 'is fewer allocations than one client with two URLs takes';
    const problem = quotaProblem('user-quota', ENOUGH, consequence, settings, reached);
    return problem === null ? [] : [problem];
  },
});
