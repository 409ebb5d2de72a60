import type { Command } from 'commander';
import { buildBundle } from '../../bundle/build-bundle.ts';
import { createRedactor } from '../../bundle/redactor.ts';
import { orNull } from '../../host/attempt.ts';
import { HostError } from '../../host/host.ts';
import type { Manifest } from '../../model/bundle.ts';
import { replacedText, searchedText } from '../../report/bundle.ts';
import { labelled } from '../../report/text.ts';
import { plural } from '../../util/text.ts';
import type { Io } from '../io.ts';
import { addSshOption, addWireOptions, seconds, type WireOptions } from '../options.ts';
import { gatherEvidence } from './evidence.ts';

export interface CreateOptions extends WireOptions {
  readonly output?: string;
  readonly config?: string;
  readonly ssh?: string;
  readonly backendUnit?: string;
  readonly clientReport?: string;
  readonly keepAddresses?: boolean;
  readonly pcap?: boolean;
  /** Seconds for each collector. */
  readonly collectorTimeout: number;
  readonly json?: boolean;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runCreate = runCreate,
): void {
  addSshOption(addWireOptions(command))
    .option('--output <file>', 'write it there (default: turnctl-HOST-TIME.tar.gz here)')
    .option('--config <file>', 'this turnserver.conf instead of the one found')
    .option('--backend-unit <name>', "the application's own service: its unit and its journal")
    .option('--client-report <file>', 'the --json report of coldstart or client run, made elsewhere')
    .option('--keep-addresses', 'leave addresses as they are instead of replacing them')
    .option('--pcap', 'a capture of the probes too, for Wireshark; needs --keep-addresses')
    .option('--collector-timeout <seconds>', 'longest time for one collector', seconds, 10)
    .option('--json', 'print the manifest as JSON')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .action(async (flags: CreateOptions) => done(await run(flags, io)));
}

/**
 * Collects, redacts, searches what came out, and only then writes. @throws {UsageError} {HostError} when a secret was found
 * in the archive, which then is gone
 */
export async function runCreate(
  options: CreateOptions,
  io: Io,
  makeRedactor = createRedactor,
): Promise<number> {
  await refuseExisting(options.output, io);
  const { redaction, ...evidence } = await gatherEvidence(options, io);
  if (io.signal.aborted) return 130;
  io.progress.update('redacting');
  const redactor = makeRedactor(redaction);
  const built = buildBundle(evidence, redactor);
  if ('leak' in built) {
    throw new HostError('io', `a secret was found in ${built.leak} of the finished archive: it was deleted`, {
      hint: 'Please report this: it is a fault of turnctl. Nothing was kept.',
    });
  }
  const { archive, manifest } = built;
  const output = options.output ?? defaultName(manifest);
  await io.createLocalFile(output, archive);
  const map = tokenMap(redactor);
  const mapPath = map === null ? null : mapOf(output);
  if (mapPath !== null) await io.createLocalFile(mapPath, `${JSON.stringify(map, null, 2)}\n`);
  io.progress.stop();
  const document = {
    schemaVersion: 1,
    command: 'bundle create',
    file: output,
    privateMap: mapPath,
    manifest,
  };
  if (options.json === true) io.stdout(`${JSON.stringify(document, null, 2)}\n`);
  else io.stdout(summary(output, mapPath, archive.length, manifest, io));
  return 0;
}

const mapOf = (output: string): string => `${output}.private.json`;

/** Said before anything is collected, and so that no archive is left without its map. @throws {HostError} */
async function refuseExisting(output: string | undefined, { localHost }: Io): Promise<void> {
  if (output === undefined) return;
  for (const path of [output, mapOf(output)]) {
    const status = await orNull(() => localHost.status(path));
    if (status !== null) throw new HostError('exists', `cannot write ${path}: it exists already`);
  }
}

const defaultName = ({ host, createdAt }: Manifest): string =>
  `turnctl-${host.replaceAll(/[^\w.-]/g, '-')}-${createdAt.replaceAll(/[-:]|\.\d+/g, '')}.tar.gz`;

/** What each token stands for; null where there is none. */
function tokenMap({ users, addresses }: ReturnType<typeof createRedactor>) {
  if (users.size === 0 && (addresses?.size ?? 0) === 0) return null;
  const turned = (map: ReadonlyMap<string, string> | null) =>
    Object.fromEntries([...(map ?? [])].map(([truth, token]) => [token, truth]));
  return {
    note: 'Do not share: what the tokens of the bundle stand for.',
    users: turned(users),
    addresses: turned(addresses),
  };
}

function summary(
  output: string,
  mapPath: string | null,
  sizeBytes: number,
  manifest: Manifest,
  { rendering: { width }, uid, remote }: Io,
): string {
  const { members, leftOut } = manifest;
  const asRoot = uid === 0 || remote !== null ? '' : '; root could collect more';
  const rows: readonly (readonly [string, string])[] = [
    ['bundle', `${output}: ${plural(members.length, 'file')}, ${Math.ceil(sizeBytes / 1024)} KiB`],
    ['replaced', replacedText(manifest)],
    ['searched', searchedText(manifest)],
    ...(mapPath === null ? [] : [['map', `${mapPath}: what the tokens stand for; keep it here`] as const]),
    ...(leftOut.length === 0
      ? []
      : [['not in it', `${plural(leftOut.length, 'thing')}, each with its reason${asRoot}`] as const]),
    ['look first', `turnctl bundle show ${output}`],
  ];
  return `${rows.flatMap(([label, text]) => labelled(label, text, width, 0, 12)).join('\n')}\n`;
}
