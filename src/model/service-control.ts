import type { ServiceFact } from './facts.ts';

/** Signals that coturn acts on: SIGUSR1 drains (4.6.3 and later), SIGUSR2 reads certificate and key again. */
export type ServiceSignal = 'USR1' | 'USR2';

type Named = Pick<ServiceFact, 'name' | 'mainPid' | 'engine'>;

/** What one service manager is told to do, as argv. */
export interface ServiceControl {
  start(service: Named): readonly string[];
  stop(service: Named): readonly string[];
  restart(service: Named): readonly string[];
  /** What must be done first after failures: systemd starts nothing that failed too often. Null where nothing is. */
  forget(service: Named): readonly string[] | null;
  /** Null where the manager passes on no signal and the process is not known. */
  signal(service: Named, signal: ServiceSignal): readonly string[] | null;
  /** The last lines it keeps; null where it keeps none. */
  journal(service: Named, lines: number): readonly string[] | null;
}

const systemd: ServiceControl = {
  start: ({ name }) => ['systemctl', 'start', name],
  stop: ({ name }) => ['systemctl', 'stop', name],
  restart: ({ name }) => ['systemctl', 'restart', name],
  forget: ({ name }) => ['systemctl', 'reset-failed', name],
  signal: ({ name }, signal) => ['systemctl', 'kill', '-s', signal, name],
  journal: ({ name }, lines) => ['journalctl', '-u', name, '-n', String(lines)],
};

/** A service of Compose is a container as any other: its file says how it is made, not how it is started. */
const docker: ServiceControl = {
  start: ({ name, engine = 'docker' }) => [engine, 'start', name],
  stop: ({ name, engine = 'docker' }) => [engine, 'stop', name],
  restart: ({ name, engine = 'docker' }) => [engine, 'restart', name],
  forget: () => null,
  signal: ({ name, engine = 'docker' }, signal) => [engine, 'kill', '-s', signal, name],
  journal: ({ name, engine = 'docker' }, lines) => [engine, 'logs', '--tail', String(lines), name],
};

const openrc: ServiceControl = {
  start: ({ name }) => ['rc-service', name, 'start'],
  stop: ({ name }) => ['rc-service', name, 'stop'],
  restart: ({ name }) => ['rc-service', name, 'restart'],
  forget: () => null,
  signal: ({ mainPid }, signal) => (mainPid === null ? null : ['kill', '-s', signal, String(mainPid)]),
  journal: () => null,
};

const CONTROLS = { systemd, docker, openrc } as const;

/** The adapter of the manager that is in charge; undefined where nobody is. */
export const controlOf = ({ manager }: Pick<ServiceFact, 'manager'>): ServiceControl | undefined =>
  manager === 'none' ? undefined : CONTROLS[manager];
