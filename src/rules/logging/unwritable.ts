import type { LogFact, ServiceFact } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { restartCommand } from '../service-commands.ts';

export default defineRule({
  id: 'logging/unwritable',
  meta: {
    title: 'coturn cannot write the log it is told to write',
    why: 'coturn then tries /var/log/turnserver, /var/log, /var/tmp, /tmp and its working directory. With PrivateTmp the file is out of sight, and the log looks empty.',
    remedy: 'Create the folder for the user of the service.',
    severity: 'warning',
    references: ['coturn 4.6.1 ns_turn_utils.c, set_rtpfile'],
  },
  needs: ['log'],
  uses: ['service'],
  check: ({ log, service }) => {
    if (log.configured === null) return [];
    if (log.folderWritable === null) return { skip: 'whether coturn may write there is not known' };
    if (log.folderWritable) return [];
    const folder = log.configured.replace(/\/[^/]*$/, '') || '/';
    const user = service?.user || 'turnserver';
    return [
      {
        option: 'log-file',
        message: `log-file=${log.configured} cannot be written: ${folder} is missing, or closed to user ${user}`,
        evidence: `the log goes to ${whereabouts(log, service)}`,
        remedy: `Run install -d -o ${user} -g ${service?.group || user} ${folder}, then ${restartCommand(service)}.`,
      },
    ];
  },
});

function whereabouts({ actual, destination }: LogFact, service: ServiceFact | undefined): string {
  const hidden = service?.privateTmp && /^\/(?:var\/)?tmp\//.test(actual ?? '');
  if (actual !== null) return hidden ? `${actual}, inside the PrivateTmp of ${service.name}` : actual;
  return destination === 'file' ? 'an unknown file' : destination;
}
