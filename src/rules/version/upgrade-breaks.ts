import { defineRule } from '../../model/rule.ts';
import { upgradeProblems } from '../upgrade-problems.ts';

export default defineRule({
  id: 'version/upgrade-breaks',
  meta: {
    title: 'What an upgrade of coturn breaks',
    effect: 'After the upgrade coturn does not start, or users cannot connect',
    why: 'What one release drops or reads with good will another refuses: newer ones exit over CIDR ranges (4.11.0) and over ports with other text behind them (4.13.0), and an argument that is gone ends coturn or is taken for the beginning of another one.',
    remedy: 'Change these lines first, then upgrade. Ask with turnctl lint --upgrade-to VERSION.',
    severity: 'error',
    references: ['coturn 4.5.1.1 to 4.18.0'],
    enumerates: true,
  },
  needs: ['config', 'version', 'upgrade'],
  check: facts => upgradeProblems('breaks', facts),
});
