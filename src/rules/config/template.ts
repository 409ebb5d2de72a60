import type { Severity } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';
import { atEntry, quotedAll } from '../evidence.ts';
import { isForeign } from '../foreign-syntax.ts';
import { isRendered, templateIn } from '../left-over-text.ts';

export default defineRule({
  id: 'config/template',
  meta: {
    title: 'Template syntax in the file',
    why: 'coturn knows no variables and no substitution: what a template engine or a shell should have replaced is taken as it stands. In a template that is still to be rendered this is as it should be.',
    remedy: 'Judge the rendered file, or write the values themselves.',
    severity: 'info',
  },
  needs: ['config'],
  check: ({ config }) => {
    if (isForeign(config)) return [];
    const entries = config.entries.filter(entry => entry.origin === 'file' && templateIn(entry) !== null);
    const [first] = entries;
    if (first === undefined) return [];
    // A file named by the operator may be the template itself; what a service reads never is.
    const read = config.foundBy !== 'asked' && entries.some(isRendered);
    const severity: Severity = read ? 'error' : 'info';
    const verb = entries.length === 1 ? 'holds' : 'hold';
    return [
      {
        message: `${plural(entries.length, 'line')} of the file still ${verb} template syntax, first ${templateIn(first)}`,
        ...atEntry(first),
        evidence: quotedAll(entries.slice(0, 3)),
        severity,
      },
    ];
  },
});
