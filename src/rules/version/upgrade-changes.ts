import { defineRule } from '../../model/rule.ts';
import { upgradeProblems } from '../upgrade-problems.ts';

export default defineRule({
  id: 'version/upgrade-changes',
  meta: {
    title: 'What an upgrade of coturn changes',
    why: 'Defaults change sides between releases: the telnet CLI (4.10.0) and DTLS (4.17.0) are off unless they are asked for, Binding answers are shorter (4.7.0), and options lose their meaning. Nothing of it stops coturn, so it is noticed late.',
    remedy: 'Write what the deployment relies on into the file, and delete what has no effect any more.',
    severity: 'warning',
    references: ['coturn 4.5.1.1 to 4.18.0'],
    enumerates: true,
  },
  needs: ['config', 'version', 'upgrade'],
  check: facts => upgradeProblems('changes', facts),
});
