import { defineRule } from '../../model/rule.ts';
import { plural, printable, shortened } from '../../util/text.ts';
import { exitReason } from '../exit-reason.ts';
import { meaningOf } from '../exit-reason-meaning.ts';
import { journalCommand } from '../service-commands.ts';

export default defineRule({
  id: 'service/restarting',
  meta: {
    title: 'coturn ends by itself and is started again',
    effect: 'All calls end each time coturn does',
    why: 'The service manager starts coturn again after a crash, so that it looks healthy at any one moment. Every allocation is lost each time, and clients meet 437 until they allocate anew.',
    remedy: 'Read in the journal how it ended, and repair that.',
    severity: 'warning',
    references: ['systemctl(1), NRestarts'],
    explainedBy: ['relay/port-range-inverted', 'relay/port-range-invalid', 'service/second-instance'],
  },
  needs: ['service'],
  uses: ['sockets'],
  check: ({ service, sockets = [] }) => {
    if (service.active !== 'active') return { skip: `${service.name} is not running` };
    if (service.restarts === 0) return [];
    const journal = service.journal.known ? service.journal.value : [];
    const restart = journal.findLastIndex(line => line.includes('Scheduled restart job'));
    const reason = exitReason(journal.slice(0, Math.max(0, restart)));
    const meaning = reason && meaningOf(reason, service, sockets);
    return [
      {
        message: `${service.name} was started again ${plural(service.restarts, 'time')} by its service manager${meaning ? `: ${meaning.because}` : ''}`,
        evidence: reason ? shortened(printable(reason.line), 300) : `restarts=${service.restarts}`,
        remedy: meaning?.remedy ?? `Look in ${journalCommand(service)} for how it ended.`,
        ...(meaning ? { causes: meaning.causes } : {}),
      },
    ];
  },
});
