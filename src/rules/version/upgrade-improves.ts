import { defineRule } from '../../model/rule.ts';
import { upgradeProblems } from '../upgrade-problems.ts';

export default defineRule({
  id: 'version/upgrade-improves',
  meta: {
    title: 'What an upgrade of coturn improves',
    why: 'Faults that this configuration is open to are mended, peers are refused that nobody should reach, and TLS 1.3 works.',
    remedy: 'Upgrade: nothing else is to be done for it.',
    severity: 'info',
    references: ['coturn 4.5.1.1 to 4.18.0'],
    enumerates: true,
  },
  needs: ['config', 'version', 'upgrade'],
  check: facts => upgradeProblems('improves', facts),
});
