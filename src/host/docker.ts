import { type Fact, known, unknown } from '../model/fact.ts';
import type { ContainerFact } from '../model/facts.ts';
import { attempt, attemptParsing, orNull } from './attempt.ts';
import type { Host } from './host.ts';

/** A container that runs coturn. */
export interface Container extends ContainerFact {
  readonly engine: Engine;
  /** Entry point and arguments, secrets included: never a fact as it is. */
  readonly argv: readonly string[];
  readonly running: boolean;
  /** Process id of its first process on the host; null when it does not run. */
  readonly mainPid: number | null;
  readonly restarts: number;
  readonly exitCode: number;
  readonly user: string;
  readonly workingDirectory: string;
  readonly startedAt: string | null;
  /** `always`, `unless-stopped`, `no`, … */
  readonly restartPolicy: string;
  /** What Compose, which made it, calls it. */
  readonly compose: { readonly project: string; readonly service: string; readonly file: string } | null;
  /** Paths of the host that the container sees elsewhere. */
  readonly mounts: readonly { readonly source: string; readonly destination: string }[];
}

const LOG_TIMEOUT_MS = 3_000;

type Engine = 'docker' | 'podman';

const ENGINES: readonly { readonly program: Engine; readonly socket: string }[] = [
  { program: 'docker', socket: '/var/run/docker.sock' },
  { program: 'podman', socket: '/run/podman/podman.sock' },
];

/** Containers of Docker or Podman with coturn in them, stopped ones included. A host without an engine has none. */
export async function readContainers(host: Host): Promise<Fact<readonly Container[]>> {
  const found: Container[] = [];
  for (const { program, socket } of ENGINES) {
    if (!(await orNull(() => host.status(socket)))) continue;
    const containers = await askEngine(host, program);
    if (!containers.known) return containers;
    found.push(...containers.value);
  }
  return known(found);
}

async function askEngine(host: Host, program: Engine): Promise<Fact<readonly Container[]>> {
  const list = await attempt(() => host.run([program, 'ps', '--all', '--quiet', '--no-trunc']));
  if (!list.known) return list;
  if (list.value.exitCode !== 0) return unknown(`${program}: ${list.value.stderr.trim()}`);
  const ids = list.value.stdout.split('\n').filter(Boolean);
  if (ids.length === 0) return known([]);
  const details = await attempt(() => host.run([program, 'inspect', ...ids]));
  if (!details.known) return details;
  // Non-zero when one of them was removed in between; the others are printed all the same.
  if (!details.value.stdout.trimStart().startsWith('['))
    return unknown(`${program}: ${details.value.stderr.trim()}`);
  if (details.value.truncated) return unknown(`${program} inspect printed too much`);
  return attemptParsing(program, () => parseContainers(details.value.stdout, program));
}

/** The last lines a container wrote, oldest first, each with its time. */
export async function readContainerLog(
  host: Host,
  { engine, name }: Pick<Container, 'engine' | 'name'>,
  lines: number,
): Promise<Fact<readonly string[]>> {
  const argv = [engine, 'logs', '--timestamps', `--tail=${lines}`, name];
  const result = await attempt(() => host.run(argv, { timeoutMs: LOG_TIMEOUT_MS }));
  if (!result.known) return result;
  if (result.value.exitCode !== 0) return unknown(`${engine}: ${result.value.stderr.trim()}`);
  // Both streams of the program come apart; their times put them together again.
  return known(`${result.value.stdout}\n${result.value.stderr}`.split('\n').filter(Boolean).sort());
}

/** The parts of `docker inspect` that are used; Podman prints the same. */
interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Path?: string;
  readonly Args?: readonly string[];
  readonly RestartCount?: number;
  readonly State?: {
    readonly Running?: boolean;
    readonly Pid?: number;
    readonly StartedAt?: string;
    readonly ExitCode?: number;
  };
  readonly Config?: {
    readonly Image?: string;
    readonly User?: string;
    readonly WorkingDir?: string;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
  readonly HostConfig?: {
    readonly NetworkMode?: string;
    readonly RestartPolicy?: { readonly Name?: string };
    readonly PortBindings?: PortBindings | null;
  };
  readonly NetworkSettings?: { readonly Ports?: PortBindings | null };
  readonly Mounts?: readonly { readonly Source?: string; readonly Destination?: string }[];
}
type PortBindings = Readonly<Record<string, readonly { readonly HostPort: string }[] | null>>;

/** `docker inspect ID…`: those that run turnserver, or whose image is named after coturn. */
export function parseContainers(json: string, engine: Engine): readonly Container[] {
  const inspected = JSON.parse(json) as readonly Inspected[];
  return inspected
    .map(container => parseContainer(container, engine))
    .filter(({ image, argv }) => /coturn/.test(image) || argv.some(word => /(^|\/)turnserver$/.test(word)));
}

function parseContainer(container: Inspected, engine: Engine): Container {
  const { State: state = {}, Config: config = {}, HostConfig: hostConfig = {} } = container;
  const bindings =
    Object.entries(container.NetworkSettings?.Ports ?? {}).length > 0
      ? container.NetworkSettings?.Ports
      : hostConfig.PortBindings;
  return {
    engine,
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    image: config.Image ?? '',
    networkMode: hostConfig.NetworkMode ?? '',
    published: parsePorts(bindings ?? {}),
    argv: [container.Path ?? '', ...(container.Args ?? [])],
    running: state.Running ?? false,
    mainPid: state.Pid ? state.Pid : null,
    restarts: container.RestartCount ?? 0,
    exitCode: state.ExitCode ?? 0,
    user: config.User ?? '',
    workingDirectory: config.WorkingDir || '/',
    // Docker writes the year 1 for a container that never ran.
    startedAt:
      state.StartedAt && !state.StartedAt.startsWith('0001') ? new Date(state.StartedAt).toISOString() : null,
    restartPolicy: hostConfig.RestartPolicy?.Name ?? '',
    compose: composeOf(config.Labels ?? {}),
    mounts: (container.Mounts ?? []).map(({ Source = '', Destination = '' }) => ({
      source: Source,
      destination: Destination,
    })),
  };
}

const LABEL = 'com.docker.compose';

/** Compose marks its containers; podman-compose uses the same labels. */
function composeOf(labels: Readonly<Record<string, string>>): Container['compose'] {
  const project = labels[`${LABEL}.project`];
  const service = labels[`${LABEL}.service`];
  if (project === undefined || service === undefined) return null;
  return { project, service, file: labels[`${LABEL}.project.config_files`] ?? '' };
}

/** One entry for each unbroken range: Docker has one for each port and address. */
function parsePorts(bindings: PortBindings): ContainerFact['published'] {
  const ports = Object.entries(bindings)
    .flatMap(([port, hosts]) => {
      const [number, protocol] = port.split('/');
      if (protocol !== 'udp' && protocol !== 'tcp') return [];
      const published = [...new Set((hosts ?? []).map(({ HostPort }) => Number(HostPort)))];
      return published.map(host => ({ protocol, host, container: Number(number) }) as const);
    })
    .sort((a, b) => (a.protocol === b.protocol ? a.host - b.host : a.protocol < b.protocol ? -1 : 1));
  const ranges: ContainerFact['published'][number][] = [];
  for (const { protocol, host, container } of ports) {
    const last = ranges.at(-1);
    if (
      last &&
      last.protocol === protocol &&
      last.hostTo + 1 === host &&
      last.containerTo + 1 === container
    ) {
      ranges[ranges.length - 1] = { ...last, hostTo: host, containerTo: container };
    } else {
      ranges.push({
        protocol,
        hostFrom: host,
        hostTo: host,
        containerFrom: container,
        containerTo: container,
      });
    }
  }
  return ranges;
}
