import type { ServiceFact } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { printable } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';
import { exitReason } from '../exit-reason.ts';
import { restartCommand } from '../service-commands.ts';

export default defineRule({
  id: 'service/unknown-user',
  meta: {
    title: 'The account coturn is to run as does not exist',
    effect: 'No call that needs the relay can connect',
    why: 'coturn exits when proc-user or proc-group is unknown, and systemd does not even start it when User= or Group= is.',
    remedy: 'Create the account, or name one that exists.',
    severity: 'error',
    references: ['coturn 4.6.1 mainrelay.c, get_user_name', 'systemd.exec(5), status 216 and 217'],
  },
  either: ['accounts', 'service'],
  uses: ['config'],
  check: ({ accounts, service, config }) => {
    const restart = restartCommand(service);
    const missing = (accounts?.missing ?? []).map(({ option, name }) => {
      const entry = config?.entries.findLast(candidate => candidate.name === option);
      const kind = option === 'proc-user' ? 'user' : 'group';
      return {
        evidence: `no ${kind} "${name}" on this host`,
        ...(entry ? atEntry(entry) : { option }),
        message: `${option} names the ${kind} "${name}", which this host does not have`,
        remedy: `Create it (adduser --system --group ${name || 'turnserver'}), or remove the line when the service starts as that user already; then ${restart}.`,
      };
    });
    return [...missing, ...missingForUnit(service)];
  },
});

/** systemd reports the account of a unit only when it starts it. */
function missingForUnit(service: ServiceFact | undefined): Problem[] {
  if (!service?.journal.known || service.active === 'active') return [];
  const reason = exitReason(service.journal.value);
  if (reason?.kind !== 'unit-account') return [];
  const name = service[reason.account];
  return [
    {
      message: `${service.name} is to run as the ${reason.account} "${name}", which this host does not have`,
      evidence: printable(reason.line),
      remedy: `Create it (adduser --system --group ${name}), or correct the unit with systemctl edit ${service.name}; then ${restartCommand(service)}.`,
    },
  ];
}
