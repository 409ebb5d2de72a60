import { describeSource, type LogSource, logSourceOf } from '../../facts/log-source.ts';
import { HostError } from '../../host/host.ts';
import { readLocalBytes, type TakeBytes, takeAll } from '../../host/log-bytes.ts';
import { programPieces } from '../../host/program-pieces.ts';
import { readRemoteFile } from '../../host/remote-log.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import type { LogsOptions } from './options.ts';

/** Something to read, and what the host says about verbose. */
export interface Opened {
  readonly names: readonly string[];
  readonly verbose: boolean | null;
  read(take: TakeBytes, onIdle: () => void): Promise<void>;
}

/** The files given, standard input, or the log that coturn of this host writes. @throws {UsageError} {HostError} */
export async function openSources(options: LogsOptions, io: Io): Promise<Opened> {
  const { files, follow = false } = options;
  if (files.length === 0) return openFound(options, io);
  if (follow && (files.length > 1 || files[0] === '-'))
    throw new UsageError('--follow takes one file', 'Standard input is followed by itself.');
  if (files.includes('-') && files.length > 1) throw new UsageError('- is read alone, without other files');
  const sorted = await oldestFirst(files, io);
  return {
    names: sorted.map(file => (file === '-' ? 'standard input' : file)),
    verbose: null,
    read: async (take, onIdle) => {
      for (const file of sorted) await readFile(file, take, onIdle, follow, io);
    },
  };
}

/** A shell puts `turn.log.2.gz` behind `turn.log`. @throws {HostError} */
async function oldestFirst(files: readonly string[], { host }: Io): Promise<readonly string[]> {
  if (files.length === 1) return files;
  const dated = await Promise.all(
    files.map(async file => ({ file, at: (await host.status(file)).modifiedAtMs })),
  );
  return dated.sort((a, b) => a.at - b.at).map(({ file }) => file);
}

async function readFile(
  file: string,
  take: TakeBytes,
  onIdle: () => void,
  follow: boolean,
  io: Io,
): Promise<void> {
  if (file === '-') return takeAll(io.stdinPieces(), take);
  const onCutShort = (path: string) =>
    io.stderr(`turnctl: ${path} is cut short: what there is of it was read\n`);
  if (io.remote === null)
    return readLocalBytes(file, take, { signal: io.signal, follow, onIdle, onCutShort });
  // How far it has come over there is not to be seen from here.
  if (follow) onIdle();
  return readRemoteFile(io.remote, file, take, { signal: io.signal, follow, onCutShort });
}

async function openFound(options: LogsOptions, io: Io): Promise<Opened> {
  io.progress.update('looking for the log');
  // Not loaded where the file is named.
  const { gatherHostFacts } = await import('../../facts/host-facts.ts');
  const { facts, settings } = await gatherHostFacts({ host: io.host, configPath: options.config });
  const source = logSourceOf(facts.log, facts.service);
  if (source.kind === 'none') {
    throw new HostError('not-found', `the log cannot be read: ${source.reason}`, {
      hint: 'Give the log as FILE, or journalctl -u coturn -o short-iso | turnctl logs -',
    });
  }
  return {
    names: [describeSource(source)],
    verbose: settings?.flag('verbose') ?? null,
    read: (take, onIdle) => readSource(source, take, onIdle, options.follow === true, io),
  };
}

async function readSource(
  source: Exclude<LogSource, { kind: 'none' }>,
  take: TakeBytes,
  onIdle: () => void,
  follow: boolean,
  io: Io,
): Promise<void> {
  if (source.kind === 'file') return readFile(source.path, take, onIdle, follow, io);
  const argv = printingLog(source, follow);
  if (follow) onIdle();
  const { signal } = io;
  const pieces = io.remote === null ? programPieces(argv, { signal }) : io.remote.stream(argv, signal);
  return takeAll(pieces, take);
}

/** The program that prints what coturn wrote to the journal or to its container's output. */
export function printingLog(
  source: Extract<LogSource, { kind: 'journal' | 'container' }>,
  follow: boolean,
): readonly string[] {
  if (source.kind === 'container')
    return [source.engine, 'logs', '--timestamps', ...(follow ? ['--follow'] : []), source.name];
  const form = ['--output=short-iso-precise', '--no-pager', '--quiet'];
  const sent = source.syslogOnly ? ['_TRANSPORT=syslog'] : [];
  const following = follow ? ['--follow', '--no-tail'] : [];
  return ['journalctl', `--unit=${source.unit}`, ...form, ...following, ...sent];
}
