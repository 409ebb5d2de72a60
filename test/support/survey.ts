import type { Survey } from '../../src/facts/survey.ts';
import type { Container } from '../../src/host/docker.ts';
import type { TurnserverProcess } from '../../src/host/procfs.ts';
import type { Unit } from '../../src/host/systemd.ts';
import { known } from '../../src/model/fact.ts';

/** Debian's unit, running; with the /tmp of all, where tests have their files. */
export const unit: Unit = {
  name: 'coturn.service',
  load: 'loaded',
  active: 'active',
  sub: 'running',
  enabled: 'enabled',
  result: 'success',
  mainPid: 295,
  restarts: 0,
  user: 'turnserver',
  group: 'turnserver',
  supplementaryGroups: [],
  argv: ['/usr/bin/turnserver', '-c', '/etc/turnserver.conf', '--pidfile='],
  environment: [],
  environmentFiles: [],
  fragments: ['/lib/systemd/system/coturn.service'],
  workingDirectory: '/',
  boundingCapabilities: ['cap_net_bind_service'],
  ambientCapabilities: [],
  privateTmp: false,
  inaccessiblePaths: ['/home'],
  writablePaths: null,
  standardOutput: 'journal',
  startedAt: '2026-11-23T12:55:03.000Z',
};

/** Its process. */
export const process: TurnserverProcess = {
  pid: 295,
  program: '/proc/295/exe',
  uid: 54104,
  gids: [54106],
  argv: unit.argv,
  cwd: '/',
  startedAt: '2026-11-23T12:55:03.000Z',
  sameNetwork: true,
  contained: false,
  unit: 'coturn.service',
  container: null,
  capabilities: [],
};

/** coturn in a container of Docker. */
export const container: Container = {
  engine: 'docker',
  id: 'a'.repeat(64),
  name: 'turn',
  image: 'coturn/coturn:4.6.2-r5',
  networkMode: 'host',
  published: [],
  argv: ['docker-entrypoint.sh', '--log-file=stdout', '-c', '/etc/coturn/turnserver.conf'],
  running: true,
  mainPid: 4711,
  restarts: 0,
  exitCode: 0,
  user: '',
  workingDirectory: '/',
  startedAt: '2026-11-23T12:55:03.000Z',
  restartPolicy: 'always',
  mounts: [],
  compose: null,
};

/** A host with these, whose only users are root and turnserver (54104, group 54106). */
export function survey(parts: {
  units?: readonly Unit[];
  processes?: readonly TurnserverProcess[];
  containers?: readonly Container[];
}): Survey {
  return {
    units: known(parts.units ?? []),
    processes: known(parts.processes ?? []),
    containers: known(parts.containers ?? []),
    accounts: known({
      users: [
        { name: 'root', uid: 0, gid: 0 },
        { name: 'turnserver', uid: 54104, gid: 54106 },
      ],
      groups: [
        { name: 'root', gid: 0, members: [] },
        { name: 'turnserver', gid: 54106, members: [] },
      ],
    }),
  };
}
