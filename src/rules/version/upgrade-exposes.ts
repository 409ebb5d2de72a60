import { defineRule } from '../../model/rule.ts';
import { upgradeProblems } from '../upgrade-problems.ts';

export default defineRule({
  id: 'version/upgrade-exposes',
  meta: {
    title: 'What an upgrade of coturn exposes',
    why: 'Some releases brought a fault of their own, which a later one mends, and some let clients reach peers that were denied before.',
    remedy: 'Upgrade to a later release, or set the option that helps.',
    severity: 'warning',
    references: ['coturn 4.5.1.1 to 4.18.0'],
    enumerates: true,
  },
  needs: ['config', 'version', 'upgrade'],
  check: facts => upgradeProblems('exposes', facts),
});
