import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry, quotedAll } from '../evidence.ts';

export default defineRule({
  id: 'logging/syslog-wins',
  meta: {
    title: 'syslog takes the place of log-file',
    why: 'With syslog on, coturn writes no file, whatever log-file says.',
    remedy:
      'Delete one of the two lines. On systemd hosts "journalctl -t turnserver" shows what went to syslog.',
    severity: 'info',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const file = settings.deciding('log-file');
    const syslog = settings.deciding('syslog');
    if (file === undefined || syslog === undefined || !settings.flag('syslog')) return [];
    if (['', 'syslog'].includes(file.value ?? '')) return [];
    return [
      {
        message: `${file.value} is not written: syslog is on and takes its place`,
        ...atEntry(file),
        evidence: quotedAll([syslog, file]),
      },
    ];
  },
});
