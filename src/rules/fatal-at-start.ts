import { listenerPlan } from '../config/effective.ts';
import type { Settings } from '../config/settings.ts';
import { startFailures } from '../config/start-failure.ts';
import type { Facts, SocketFact } from '../model/facts.ts';
import type { Finding, RuleId } from '../model/finding.ts';
import type { Check } from '../model/report.ts';
import { rules } from './index.ts';
import { runRules } from './run.ts';

/** Faults of the host with which coturn does not come up, or comes up as an open relay. An inverted range crashes it later. */
const HOST_RULES: readonly RuleId[] = [
  'config/unreadable',
  'service/unknown-user',
  'listener/privileged-port',
  'listener/address-not-local',
  'relay/port-range-inverted',
];

const ID = 'service/not-running';

/**
 * Failed checks over which a coturn that is started now would end, or be of no use: rules about the lines that coturn
 * exits over, rules about the host, and ports that another program holds.
 */
export function fatalAtStart(facts: Facts, settings: Settings, nowMs: number): readonly Check[] {
  const failures = startFailures(settings);
  const lines = new Set(failures.map(({ entry }) => entry?.line).filter(line => line !== undefined));
  const explained = rules.find(({ id }) => id === ID)?.meta.explainedBy ?? [];
  const asked = rules.filter(({ id }) => HOST_RULES.includes(id) || explained.includes(id));
  const failed = runRules(asked, facts, nowMs).filter(
    ({ id, outcome, severity, findings }) =>
      outcome === 'failed' &&
      severity === 'error' &&
      (HOST_RULES.includes(id) || findings.some(({ at }) => at?.line !== undefined && lines.has(at.line))),
  );
  const told = new Set(failed.flatMap(({ findings }) => findings.map(({ at }) => at?.line)));
  const untold = failures
    .filter(({ entry }) => entry === undefined || !told.has(entry.line))
    .map(
      ({ entry, reason }): Finding => ({
        severity: 'error',
        message: `coturn exits: ${reason}`,
        ...(entry === undefined
          ? {}
          : { option: entry.name, at: { file: entry.file, line: entry.line, column: entry.column } }),
        remedy: 'Correct the option before coturn is started anew.',
      }),
    );
  const findings = [...untold, ...takenPorts(facts, settings)];
  if (findings.length === 0) return failed;
  const title = 'coturn would not come up again';
  return [...failed, { id: ID, title, severity: 'error', outcome: 'failed', findings }];
}

/** Listening ports of the file that a program other than coturn has. */
function takenPorts({ sockets }: Facts, settings: Settings): Finding[] {
  if (!sockets.known) return [];
  const { ips, udp, tcp, tls } = listenerPlan(settings);
  const wanted = [
    ...(udp.on ? [{ protocol: 'udp', port: udp.port }] : []),
    ...(tcp.on ? [{ protocol: 'tcp', port: tcp.port }] : []),
    ...(tls.on ? [{ protocol: 'tcp', port: tls.port }] : []),
  ];
  const everywhere = (ip: string) => ip === '0.0.0.0' || ip === '::';
  const stands = ({ protocol, ip, port, pid, program }: SocketFact) =>
    pid !== null &&
    program !== 'turnserver' &&
    wanted.some(want => want.protocol === protocol && want.port === port) &&
    (ips.length === 0 || everywhere(ip) || ips.includes(ip) || ips.some(everywhere));
  return sockets.value.filter(stands).map(({ protocol, ip, port, pid, program }) => ({
    severity: 'error',
    message: `${program} (pid ${pid}) holds ${port}/${protocol}, which coturn is to listen on`,
    evidence: `${program} at ${ip}:${port}/${protocol}`,
    remedy: `Stop ${program}, or give coturn another port.`,
  }));
}
