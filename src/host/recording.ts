import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandResult, type FileStatus, type Host, HostError, type HostErrorCode } from './host.ts';

/** What a host refused. */
export interface RecordedRefusal {
  readonly error: { readonly code: HostErrorCode; readonly message: string };
}

/** Everything a host was asked, by question. It is plain JSON: the file `host.json` of a recording's directory. */
export interface HostRecording {
  readonly format: 1;
  readonly name: string;
  readonly commands: readonly ({ readonly argv: readonly string[] } & (RecordedOutput | RecordedRefusal))[];
  readonly files: Readonly<
    Record<string, { readonly text: readonly string[] } | { readonly base64: string } | RecordedRefusal>
  >;
  readonly directories: Readonly<Record<string, readonly string[] | RecordedRefusal>>;
  readonly links: Readonly<Record<string, string | RecordedRefusal>>;
  readonly statuses: Readonly<Record<string, FileStatus | RecordedRefusal>>;
}

/** Output as lines, so that a recording can be read and compared. */
export interface RecordedOutput {
  readonly exitCode: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly truncated: boolean;
}

export interface RecordingHost extends Host {
  /** What was asked so far, redacted. */
  recording(): HostRecording;
}

/**
 * Passes everything on to `host` and keeps the answers, redacted. `source` is the path, or the arguments joined by
 * blanks. Who asks gets the true answer; asked twice, the later one is kept.
 */
export function recordingHost(host: Host, redact: (text: string, source: string) => string): RecordingHost {
  const commands = new Map<string, { argv: readonly string[] } & (RecordedOutput | RecordedRefusal)>();
  const files: Record<string, { text: readonly string[] } | { base64: string } | RecordedRefusal> = {};
  const directories: Record<string, readonly string[] | RecordedRefusal> = {};
  const links: Record<string, string | RecordedRefusal> = {};
  const statuses: Record<string, FileStatus | RecordedRefusal> = {};
  const clean = (text: string, source: string) => redact(text, source).split('\n');

  async function keeping<T>(ask: () => Promise<T>, keep: (answer: T | RecordedRefusal) => void): Promise<T> {
    try {
      const answer = await ask();
      keep(answer);
      return answer;
    } catch (error) {
      if (error instanceof HostError) keep({ error: { code: error.code, message: error.message } });
      throw error;
    }
  }

  const keepIn =
    <T>(table: Record<string, T>, path: string) =>
    (answer: T) => {
      table[path] = answer;
    };

  return {
    name: host.name,
    run: (argv, options) =>
      keeping<CommandResult>(
        () => host.run(argv, options),
        answer => {
          const source = argv.join(' ');
          const kept =
            'error' in answer
              ? answer
              : { ...answer, stdout: clean(answer.stdout, source), stderr: clean(answer.stderr, source) };
          commands.set(source, { argv, ...kept });
        },
      ),
    readFile: (path, options) =>
      keeping<Uint8Array>(
        () => host.readFile(path, options),
        answer => {
          files[path] = 'error' in answer ? answer : keepContent(answer, text => clean(text, path));
        },
      ),
    readDirectory: path => keeping(() => host.readDirectory(path), keepIn(directories, path)),
    readLink: path => keeping(() => host.readLink(path), keepIn(links, path)),
    status: path => keeping(() => host.status(path), keepIn(statuses, path)),
    recording: () => ({
      format: 1,
      name: host.name,
      commands: [...commands.values()],
      files,
      directories,
      links,
      statuses,
    }),
  };
}

/** Writes `host.json` into `directory`, which is made when missing. */
export async function saveRecording(recording: HostRecording, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'host.json'), `${JSON.stringify(recording, null, 2)}\n`);
}

function keepContent(bytes: Uint8Array, clean: (text: string) => readonly string[]) {
  try {
    return { text: clean(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Not UTF-8: every byte is a character, so that the redaction sees the text that is in it.
    const text = clean(Buffer.from(bytes).toString('latin1')).join('\n');
    return { base64: Buffer.from(text, 'latin1').toString('base64') };
  }
}
