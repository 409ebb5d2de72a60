import type { FactValues, LogLinesFact, ServiceFact } from '../../model/facts.ts';
import type { Problem, RuleId } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { plural, printable, shortened } from '../../util/text.ts';
import { type ExitReason, exitReason } from '../exit-reason.ts';
import { type Meaning, meaningOf } from '../exit-reason-meaning.ts';
import { journalCommand, startCommand } from '../service-commands.ts';
import { hasAnswer } from '../wire-evidence.ts';

const QUOTED_CHARACTERS = 300;

/** Why a coturn that is up may have opened nothing. */
const BIND_RULES: readonly RuleId[] = [
  'service/second-instance',
  'listener/privileged-port',
  'listener/address-not-local',
];

export default defineRule({
  id: 'service/not-running',
  meta: {
    title: 'coturn is not running',
    effect: 'No call that needs the relay can connect',
    why: 'Without the process nothing answers on any port: browsers wait 40 s for a silent STUN or TURN server and get no relay candidate.',
    remedy: 'Read the end of the journal of the service, repair what it names, and start it again.',
    severity: 'error',
    references: ['systemd.exec(5), Process Exit Codes'],
    explainedBy: [
      'config/unreadable',
      'service/unknown-user',
      'service/second-instance',
      'listener/privileged-port',
      'listener/address-not-local',
      'config/exclusive-options',
      'config/boolean-value',
      'config/inline-comment',
      'capacity/bps-capacity-without-max-bps',
      'peers/range-invalid',
      'relay/port-range-inverted',
      'relay/port-range-invalid',
    ],
  },
  either: ['service', 'processes'],
  uses: ['sockets', 'wire', 'logLines'],
  check: facts => {
    const { service, processes = [], wire } = facts;
    if (service) return service.active === 'active' ? deaf(facts) : down(service, facts);
    if (processes.some(({ sameNetwork }) => sameNetwork)) return deaf(facts);
    // Not everybody may see the processes of others.
    if (wire?.observations.some(hasAnswer)) return [];
    const evidence = 'no process of the name turnserver, and no service of that name or coturn';
    return [{ message: 'No turnserver runs on this host', evidence, remedy: 'Start coturn.', causes: [] }];
  },
});

type Readable = Partial<Pick<FactValues, 'service' | 'processes' | 'sockets' | 'logLines'>>;

function down(service: ServiceFact, { processes = [], sockets = [], logLines }: Readable): Problem[] {
  // After an operator's stop, older failures in the journal are not why it is down now.
  const stopped = service.active === 'inactive' && service.result === 'success';
  const { meaning, line } = reasonOf(service, { sockets, logLines }, stopped);
  const causes = meaning?.causes ?? (stopped ? [] : undefined);
  const substitute = processes.find(({ sameNetwork, unit }) => sameNetwork && unit !== service.name);
  const problem: Problem = {
    message: `${service.name} ${stateOf(service)}${meaning ? `: ${meaning.because}` : ''}`,
    evidence:
      line ?? `load=${service.load} active=${service.active} sub=${service.sub} result=${service.result}`,
    remedy: meaning?.remedy ?? startAdvice(service),
    ...(causes === undefined ? {} : { causes }),
  };
  if (!substitute) return [problem];
  const { pid, user } = substitute;
  const instead = `process ${pid} of user ${user} serves in its place and will not come back after a reboot`;
  return [{ ...problem, message: `${problem.message}; ${instead}`, severity: 'warning' }];
}

/** Up, but no socket is its own: it tries to bind for a minute before it gives up, or its port is 0. */
function deaf({ service, processes = [], sockets = [], logLines }: Readable): Problem[] {
  const own = processes.filter(({ sameNetwork, unit }) => sameNetwork && (!service || unit === service.name));
  const seesOwners = sockets.some(({ pid }) => pid !== null);
  if (own.length === 0 || !seesOwners) return [];
  const pids = own.map(({ pid }) => pid);
  if (sockets.some(({ pid }) => pid !== null && pids.includes(pid))) return [];
  const { meaning, line } = service ? reasonOf(service, { sockets, logLines }) : {};
  return [
    {
      message: `${service?.name ?? 'turnserver'} is up, but its process ${pids.join(', ')} has no listening socket${meaning ? `: ${meaning.because}` : ''}`,
      evidence:
        line ?? `none of the ${plural(sockets.length, 'listening socket')} of this host belongs to it`,
      remedy: meaning?.remedy ?? 'Look in its log for "Trying to bind", with errno 13, 98 or 99.',
      causes: meaning?.causes ?? BIND_RULES,
    },
  ];
}

/** Why, as the journal says, with the line that says it; or its last line, when that is all there is. */
function reasonOf(
  service: ServiceFact,
  { sockets = [], logLines }: { sockets?: Readable['sockets']; logLines: Readable['logLines'] | undefined },
  stopped = false,
): { meaning?: Meaning; line?: string } {
  const journal = service.journal.known ? service.journal.value : [];
  const reason = stopped ? undefined : reasonIn(journal, logLines);
  const line = reason?.line ?? journal.at(-1);
  return {
    ...(reason ? { meaning: meaningOf(reason, service, sockets) } : {}),
    ...(line === undefined ? {} : { line: shortened(printable(line.trim()), QUOTED_CHARACTERS) }),
  };
}

/**
 * What coturn writes into a file may be missing in a journal that dropped lines of a flood. Of a bind that fails, it says so
 * at once, and where only in its log, or much later: what goes to a journal is buffered.
 */
function reasonIn(journal: readonly string[], log: LogLinesFact | undefined): ExitReason | undefined {
  const reason = exitReason(journal);
  if (log === undefined || (reason && (reason.kind !== 'bind' || reason.address !== null))) return reason;
  const logged = exitReason(log.lines);
  if (reason === undefined) return logged;
  return logged?.kind === 'bind' && logged.errno === reason.errno ? logged : reason;
}

function stateOf(service: ServiceFact): string {
  if (service.load === 'not-found') return 'does not exist on this host';
  if (service.load === 'masked') return 'is masked, so that nothing can start it';
  if (service.active === 'inactive') return 'is stopped';
  const restarts = service.restarts > 0 ? ` (${plural(service.restarts, 'restart')} so far)` : '';
  return service.active === 'failed' ? `has failed${restarts}` : `does not get past its start${restarts}`;
}

function startAdvice(service: ServiceFact): string {
  const { name } = service;
  if (service.load === 'not-found') return 'Install coturn, or name its service.';
  if (service.load === 'masked') return `Run systemctl unmask ${name}, then ${startCommand(service)}.`;
  const enable = service.manager === 'systemd' && service.enabled === 'disabled';
  const start = enable ? `systemctl enable --now ${name}` : startCommand(service);
  return service.active === 'inactive'
    ? `Run ${start}.`
    : `Run ${start}; if it does not stay up, ${journalCommand(service)} says why.`;
}
