import { defineRule } from '../../model/rule.ts';
import { changedSince } from '../changed-since.ts';
import { restartCommand } from '../service-commands.ts';

export default defineRule({
  id: 'service/restart-pending',
  meta: {
    title: 'The configuration changed after coturn was started',
    why: 'coturn reads its file once, when it starts. No signal makes it read the file again: SIGHUP reopens the log, SIGUSR2 reloads the certificate. What the file says now is not what the server does.',
    remedy: 'Restart coturn when the calls in progress allow it.',
    severity: 'warning',
    references: ['coturn 4.6.1 mainrelay.c, read_config_file'],
  },
  needs: ['configFile'],
  either: ['service', 'processes'],
  check: ({ configFile, service, processes = [] }) => {
    if (service && service.active !== 'active') return { skip: `${service.name} is not running` };
    const own = processes.find(({ sameNetwork, unit }) => sameNetwork && (!service || unit === service.name));
    const startedAt = service?.startedAt ?? own?.startedAt;
    if (!startedAt) return { skip: 'when coturn was started is not known' };
    const { path, missing, modifiedAt } = configFile;
    if (missing) return { skip: `${path} does not exist` };
    if (!changedSince(modifiedAt, startedAt)) return [];
    return [
      {
        message: `${path} changed after coturn was started, which works with its earlier state`,
        at: { file: path },
        evidence: `file changed at ${modifiedAt}, ${service?.name ?? 'turnserver'} started at ${startedAt}`,
        remedy: `Run ${restartCommand(service)} when the calls in progress allow it.`,
      },
    ];
  },
});
