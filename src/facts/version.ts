import { nearestKnownRelease, upstreamVersion } from '../config/versions.ts';
import { orNull } from '../host/attempt.ts';
import type { Container } from '../host/docker.ts';
import type { Host } from '../host/host.ts';
import { readPackageVersion } from '../host/packages.ts';
import type { TurnserverProcess } from '../host/procfs.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { VersionFact, WireFact } from '../model/facts.ts';
import { type Survey, serviceContainer, serviceProcess, serviceUnit } from './survey.ts';

/** Where packages and `make install` put the program. */
const INSTALLED = ['/usr/bin/turnserver', '/usr/local/bin/turnserver'];

export interface VersionSources {
  readonly processes: readonly Pick<TurnserverProcess, 'program'>[];
  /** Programs that a unit would start. */
  readonly programs?: readonly string[];
  readonly containers?: readonly Pick<Container, 'image'>[];
}

/** The service's own process and program: another turnserver on the host may be of another version. */
export function versionSources(survey: Survey): VersionSources {
  const process = serviceProcess(survey);
  const container = serviceContainer(survey);
  return {
    processes: process ? [process] : [],
    programs: serviceUnit(survey)?.argv.slice(0, 1) ?? [],
    containers: container ? [container] : [],
  };
}

/** The version of coturn: of the running program, else of its container's image, else of what is installed. */
export async function gatherVersion(
  host: Host,
  { processes, programs = [], containers = [] }: VersionSources,
): Promise<Fact<VersionFact>> {
  const running =
    (await firstVersion(
      host,
      processes.map(({ program }) => program),
    )) ?? containers.map(({ image }) => imageVersion(image)).find(version => version !== null);
  if (running) return fact(running, 'running');
  const installed =
    (await firstVersion(host, [...programs, ...INSTALLED])) ?? (await readPackageVersion(host));
  return installed === null
    ? unknown('coturn is neither running nor installed on this host')
    : fact(installed, 'installed');
}

function fact(text: string, origin: VersionFact['origin']): Fact<VersionFact> {
  const version = nearestKnownRelease(text);
  return version === null ? unknown(`coturn says its version is ${text}`) : known({ version, origin });
}

async function firstVersion(host: Host, programs: readonly string[]): Promise<string | null> {
  for (const program of programs.filter(path => path.startsWith('/'))) {
    const version = await readProgramVersion(host, program);
    if (version !== null) return version;
  }
  return null;
}

/**
 * The name and version that every build of coturn carries for its SOFTWARE attribute. The program is searched, not
 * started: anyone may call a process turnserver, and before 4.6.0 it could not say its version.
 */
async function readProgramVersion(host: Host, program: string): Promise<string | null> {
  const argv = ['grep', '-a', '-o', '-m', '1', '-E', 'Coturn-[0-9.]+', program];
  const result = await orNull(() => host.run(argv, { timeoutMs: 3_000 }));
  return result?.exitCode === 0 ? upstreamVersion(result.stdout) : null;
}

/** `coturn/coturn:4.6.2-r5-alpine`, `registry:5000/coturn:4.6`; null for `latest`, which says nothing. */
export function imageVersion(image: string): string | null {
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1];
  return tag === undefined ? null : upstreamVersion(tag);
}

/** What SOFTWARE says, where the server sends it: coturn up to 4.6 by default. */
export function versionOnWire(wire: Fact<WireFact>): VersionFact | undefined {
  if (!wire.known) return undefined;
  const software = wire.value.observations.map(o => ('software' in o ? o.software : undefined)).find(Boolean);
  if (software === undefined || !/^coturn/i.test(software)) return undefined;
  const version = nearestKnownRelease(software);
  return version === null ? undefined : { version, origin: 'software-attribute' };
}
