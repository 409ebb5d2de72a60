import type { ConfigFileFact, ServiceFact } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { printable } from '../../util/text.ts';
import { restartCommand } from '../service-commands.ts';

export default defineRule({
  id: 'config/unreadable',
  meta: {
    title: 'coturn cannot read its configuration',
    effect: 'Anybody may relay through this server, and nothing configured is in force',
    why: 'coturn calls the file "not found", warns once and runs on its defaults: no authentication, every address, ports 49152-65535.',
    remedy: 'Let the user of the service read the file: group turnserver, mode 0640.',
    severity: 'error',
    references: ['coturn 4.5.1.1 to 4.18.0, "Cannot find config file"'],
  },
  needs: ['configFile'],
  uses: ['service'],
  check: ({ configFile, service }) => {
    const { path, missing, readableByService } = configFile;
    const restart = restartCommand(service);
    if (missing) {
      return [
        {
          message: `${path}, which coturn is told to read, does not exist`,
          at: { file: path },
          evidence: [`no such file: ${path}`, ...complaint(service)].join('; '),
          remedy: `Put the configuration there, or correct -c in the start command; then ${restart}.`,
        },
      ];
    }
    if (readableByService === null) return { skip: 'whether coturn may read the file is not known' };
    if (readableByService) return [];
    const { blockedAt = path, blockedBecause, owner, group, mode } = configFile;
    const user = service?.user || 'turnserver';
    const evidence = [
      `${path} is ${owner}:${group} with mode ${octal(mode)}`,
      ...(blockedBecause ? [`${blockedAt}: ${blockedBecause}`] : []),
      ...complaint(service),
    ];
    return [
      {
        message: `${path} cannot be read by user ${user}${blockedAt === path ? '' : `, whom ${blockedAt} keeps out`}`,
        at: { file: path },
        evidence: evidence.join('; '),
        remedy: `Run ${repair(configFile, service?.group || user)}, then ${restart}.`,
      },
    ];
  },
});

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

const repair = ({ path, blockedAt = path }: ConfigFileFact, group: string): string =>
  blockedAt === path
    ? `chgrp ${group} ${path} && chmod 0640 ${path}`
    : `chgrp ${group} ${blockedAt} && chmod g+rx ${blockedAt}`;

/** coturn's own words about it, when the journal still has them. */
function complaint(service: ServiceFact | undefined): string[] {
  if (!service?.journal.known) return [];
  const line = service.journal.value.findLast(text => text.includes('Cannot find config file'));
  return line === undefined ? [] : [printable(line.trim())];
}
