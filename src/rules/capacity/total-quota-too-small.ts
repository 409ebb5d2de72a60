import { defineRule } from '../../model/rule.ts';
import { quotaProblems } from '../quota.ts';

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
  check: facts =>
    quotaProblems('total-quota', ENOUGH, 'is reached by two calls, of all users together', facts),
});
