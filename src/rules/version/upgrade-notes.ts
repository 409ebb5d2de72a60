import { defineRule } from '../../model/rule.ts';
import { upgradeProblems } from '../upgrade-problems.ts';

export default defineRule({
  id: 'version/upgrade-notes',
  meta: {
    title: 'What an upgrade of coturn does otherwise, for few to notice',
    why: 'Lines that have no effect any more, log lines in another form, answers without what browsers never read: worth a look for whoever reads the log by program or serves clients other than browsers.',
    remedy: 'Read them once; where the old behaviour can be had, the line for it is named.',
    severity: 'info',
    references: ['coturn 4.5.1.1 to 4.18.0'],
    enumerates: true,
  },
  needs: ['config', 'version', 'upgrade'],
  check: facts => upgradeProblems('notes', facts),
});
