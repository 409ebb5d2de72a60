import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';

export default defineRule({
  id: 'logging/date-suffix',
  meta: {
    title: 'The log file has a date in its name',
    why: 'Without simple-log coturn puts the date in front of the extension, so the file named in the configuration never appears and the log seems empty.',
    remedy: 'Add simple-log, or look for the name with the date.',
    severity: 'info',
    explainedBy: ['logging/syslog-wins'],
  },
  needs: ['config', 'version'],
  uses: ['log'],
  check: ({ config, version: { version }, log }) => {
    const settings = settingsOf(config, version);
    const entry = settings.deciding('log-file');
    const path = settings.text('log-file');
    const noFile = ['', '-', 'stdout', 'syslog'].includes(path) || path.startsWith('/dev/');
    if (entry === undefined || noFile || settings.flag('simple-log')) return [];
    const name = log?.actual ?? dated(path);
    const base = atEntry(entry);
    return [
      {
        message: `The log is not ${path} but ${name}`,
        ...base,
        evidence: log?.actual ? `${base.evidence}; open: ${log.actual}` : `${base.evidence}; no simple-log`,
      },
    ];
  },
});

/** `turn.log` becomes `turn_2026-01-31.log`. */
function dated(path: string): string {
  const [, stem = path, extension = ''] = /^(.*?)(\.[^./]*)?$/.exec(path) ?? [];
  return `${stem}_YYYY-MM-DD${extension}`;
}
