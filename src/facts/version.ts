import { nearestKnownRelease, upstreamVersion } from '../config/versions.ts';
import { orNull } from '../host/attempt.ts';
import type { Container } from '../host/docker.ts';
import type { Host } from '../host/host.ts';
import { readPackageVersion } from '../host/packages.ts';
import type { TurnserverProcess } from '../host/procfs.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { VersionFact } from '../model/facts.ts';
import { type Survey, serviceContainer, serviceProcess, serviceUnit } from './survey.ts';

/** Where packages and `make install` put the program. */
const INSTALLED = ['/usr/bin/turnserver', '/usr/local/bin/turnserver'];

export interface VersionSources {
  readonly processes: readonly Pick<TurnserverProcess, 'program'>[];
  /** Programs that a unit would start. */
  readonly programs?: readonly string[];
  readonly containers?: readonly Pick<Container, 'image'>[];
  /** Reads the program here instead of having it searched there: quicker where nothing else starts a program. */
  readonly byReading?: boolean;
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
  { processes, programs = [], containers = [], byReading = false }: VersionSources,
): Promise<Fact<VersionFact>> {
  const find = (program: string) =>
    byReading ? readProgramVersion(host, program) : searchProgramVersion(host, program);
  const running =
    (await firstVersion(
      find,
      processes.map(({ program }) => program),
    )) ?? containers.map(({ image }) => imageVersion(image)).find(version => version !== null);
  if (running) return fact(running, 'running');
  const installed =
    (await firstVersion(find, [...programs, ...INSTALLED])) ?? (await readPackageVersion(host));
  return installed === null
    ? unknown('coturn is neither running nor installed on this host')
    : fact(installed, 'installed');
}

function fact(text: string, origin: VersionFact['origin']): Fact<VersionFact> {
  const version = nearestKnownRelease(text);
  return version === null ? unknown(`coturn says its version is ${text}`) : known({ version, origin });
}

type Find = (program: string) => Promise<string | null>;

async function firstVersion(find: Find, programs: readonly string[]): Promise<string | null> {
  for (const program of programs.filter(path => path.startsWith('/'))) {
    const version = await find(program);
    if (version !== null) return version;
  }
  return null;
}

/**
 * The name and version that every build of coturn carries for its SOFTWARE attribute. The program is searched, not
 * started: anyone may call a process turnserver, and before 4.6.0 it could not say its version.
 */
async function searchProgramVersion(host: Host, program: string): Promise<string | null> {
  const argv = ['grep', '-a', '-o', '-m', '1', '-E', 'Coturn-[0-9.]+', program];
  const result = await orNull(() => host.run(argv, { timeoutMs: 3_000 }));
  return result?.exitCode === 0 ? upstreamVersion(result.stdout) : null;
}

/** The same, searched here. */
async function readProgramVersion(host: Host, program: string): Promise<string | null> {
  const bytes = await orNull(() => host.readFile(program));
  if (bytes === null) return null;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = text.indexOf('Coturn-');
  const found = /^Coturn-[0-9.]+/.exec(text.toString('latin1', at, at + 32));
  return at < 0 || found === null ? null : upstreamVersion(found[0]);
}

/** `coturn/coturn:4.6.2-r5-alpine`, `registry:5000/coturn:4.6`; null for `latest`, which says nothing. */
export function imageVersion(image: string): string | null {
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1];
  return tag === undefined ? null : upstreamVersion(tag);
}
