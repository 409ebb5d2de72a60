import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';

export default defineRule({
  id: 'logging/not-verbose',
  meta: {
    title: 'A perfect call leaves no trace in the log',
    why: 'Without verbose coturn logs errors only. An empty log then says nothing: not that clients reach the server, nor that they do not.',
    remedy: 'Add verbose while you look for a fault, and restart coturn.',
    severity: 'info',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    if (settings.flag('verbose')) return [];
    const entry = settings.deciding('verbose');
    return [
      {
        message: 'verbose is off, so coturn logs no session that goes well',
        option: 'verbose',
        at: { file: config.path, ...(entry === undefined ? {} : { line: entry.line }) },
        evidence:
          entry === undefined
            ? `no verbose line in ${config.path}`
            : `line ${entry.line}: ${entry.source.trim()}`,
      },
    ];
  },
});
