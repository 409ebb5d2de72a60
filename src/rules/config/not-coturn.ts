import { defineRule } from '../../model/rule.ts';
import { quotedAll } from '../evidence.ts';
import { foreignSyntax } from '../foreign-syntax.ts';

export default defineRule({
  id: 'config/not-coturn',
  meta: {
    title: 'The file is not a coturn configuration',
    effect: 'coturn runs on its defaults, without authentication',
    why: 'coturn drops every line it does not know, each with one warning, and starts with what is left: in a file of another program that is nothing, and its defaults relay for anyone.',
    remedy: 'Give coturn a file of its own: one option per line, "name=value" or the name alone.',
    severity: 'error',
    references: ['coturn examples/etc/turnserver.conf'],
  },
  needs: ['config'],
  check: ({ config }) => {
    const reason = foreignSyntax(config);
    if (reason === null) return [];
    return [
      {
        message: `${config.path} is not a coturn configuration: ${reason}`,
        at: { file: config.path },
        evidence: quotedAll(config.entries.slice(0, 3)) || reason,
      },
    ];
  },
});
