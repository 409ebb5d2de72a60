import { userName } from '../host/accounts.ts';
import { orNull } from '../host/attempt.ts';
import { type Container, readContainerLog } from '../host/docker.ts';
import type { Host } from '../host/host.ts';
import { readJournal } from '../host/journald.ts';
import type { Unit } from '../host/systemd.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { ServiceFact } from '../model/facts.ts';
import { maskArguments, maskSecrets } from '../util/mask.ts';
import { type Survey, serviceContainer, serviceProcess, serviceUnit } from './survey.ts';

/** A failed start of coturn prints its usage, some 150 lines, before the reason. */
const JOURNAL_LINES = 200;

/** The service that runs coturn: a systemd unit, a container, or an OpenRC service. */
export async function gatherService(host: Host, survey: Survey): Promise<Fact<ServiceFact>> {
  const unit = serviceUnit(survey);
  if (unit) return known(await unitFact(host, unit, survey));
  const container = serviceContainer(survey);
  if (container) return known(await containerFact(host, container, survey));
  if (survey.units.known)
    return unknown('systemd has no unit coturn.service or turnserver.service on this host');
  return (await openrcFact(host, survey)) ?? unknown(survey.units.reason);
}

async function unitFact(host: Host, unit: Unit, survey: Survey): Promise<ServiceFact> {
  const journal = await readJournal(host, unit.name, JOURNAL_LINES);
  const process = serviceProcess(survey);
  const granted =
    unit.user === '' || unit.user === 'root' ? unit.boundingCapabilities : unit.ambientCapabilities;
  return {
    manager: 'systemd',
    name: unit.name,
    load: unit.load,
    active: unit.active,
    sub: unit.sub,
    enabled: unit.enabled,
    result: unit.result,
    mainPid: unit.mainPid,
    restarts: unit.restarts,
    user: unit.user || 'root',
    group: unit.group || (unit.user === '' ? 'root' : ''),
    argv: maskArguments(unit.argv),
    fragments: unit.fragments,
    // The process may have more than the unit grants: from its program file (setcap).
    capabilities: [...new Set([...granted, ...(process?.capabilities ?? [])])],
    privateTmp: unit.privateTmp,
    startedAt: process?.startedAt ?? unit.startedAt,
    journal: masked(journal),
  };
}

async function containerFact(host: Host, container: Container, survey: Survey): Promise<ServiceFact> {
  const process = serviceProcess(survey);
  return {
    manager: 'docker',
    name: container.name,
    load: 'loaded',
    active: container.running ? 'active' : container.exitCode === 0 ? 'inactive' : 'failed',
    sub: container.running ? 'running' : 'exited',
    enabled: ['always', 'unless-stopped'].includes(container.restartPolicy) ? 'enabled' : 'disabled',
    result: container.exitCode === 0 ? 'success' : 'exit-code',
    mainPid: container.mainPid,
    restarts: container.restarts,
    user: container.user || 'root',
    group: '',
    argv: maskArguments(container.argv),
    fragments: [],
    capabilities: process?.capabilities ?? [],
    privateTmp: false,
    startedAt: container.startedAt,
    engine: container.engine,
    ...(container.compose === null ? {} : { compose: container.compose }),
    journal: masked(await readContainerLog(host, container, JOURNAL_LINES)),
  };
}

/** OpenRC keeps a link for every service that it started. */
async function openrcFact(host: Host, survey: Survey): Promise<Fact<ServiceFact> | null> {
  const started = await orNull(() => host.readDirectory('/run/openrc/started'));
  if (!started) return null;
  const [scripts, defaults] = await Promise.all(
    ['/etc/init.d', '/etc/runlevels/default'].map(folder => orNull(() => host.readDirectory(folder))),
  );
  const name = ['coturn', 'turnserver'].find(service => scripts?.includes(service));
  if (name === undefined) return unknown('OpenRC has no service coturn or turnserver on this host');
  const active = started.includes(name);
  // Its script knows the process by a pid file; here it is the one that belongs to nobody else.
  const process = active ? serviceProcess(survey) : null;
  return known({
    manager: 'openrc',
    name,
    load: 'loaded',
    active: active ? 'active' : 'inactive',
    sub: active ? 'running' : 'dead',
    enabled: defaults?.includes(name) ? 'enabled' : 'disabled',
    result: '',
    mainPid: process?.pid ?? null,
    restarts: 0,
    user: process === null ? '' : userName(survey.accounts, process.uid),
    group: '',
    argv: maskArguments(process?.argv ?? []),
    fragments: [`/etc/init.d/${name}`],
    capabilities: process?.capabilities ?? [],
    privateTmp: false,
    startedAt: process?.startedAt ?? null,
    journal: unknown('OpenRC keeps no journal'),
  });
}

function masked(lines: Fact<readonly string[]>): Fact<readonly string[]> {
  return lines.known ? known(lines.value.map(maskSecrets)) : lines;
}
