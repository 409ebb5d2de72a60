import type { Host, WritableHost } from '../host/host.ts';
import type { PrivateFile, PrivateFileOptions } from '../host/private-file.ts';
import type { Rendering } from '../model/report.ts';
import type { Clock, Net } from '../net/net.ts';

/** One line on standard error that says what is being waited for; silent unless that is a terminal. */
export interface Progress {
  update(text: string): void;
  stop(): void;
}

/** Asks one question and returns the answer without blanks around it; '' when there is none. */
export type Ask = (question: string) => Promise<string>;

/** A host that is reached over SSH. */
export interface RemoteHost extends WritableHost {
  /** Its own address of the connection; null where it did not say. */
  readonly address: string | null;
  /** As whom turnctl works there: `sudo` is root by way of `sudo -n`. */
  readonly as: 'root' | 'sudo' | 'user';
  createPrivateFile: Io['createPrivateFile'];
  /** What a program prints, while it prints it, until `signal`; the program ends then. @throws {HostError} {ConnectionLost} */
  stream(argv: readonly string[], signal: AbortSignal): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Everything a command may touch. The real one is `cli/real-io.ts`; tests pass their own. */
export interface Io {
  /** The report, and nothing else. */
  stdout(text: string): void;
  stderr(text: string): void;
  readStdin(): Promise<Uint8Array>;
  /** Standard input as it comes, however much that is. */
  stdinPieces(): AsyncIterable<Uint8Array>;
  /** Writes what a flag names, as `--output`, whole or not at all; `mode` of a new file, default 0o644. @throws {HostError} */
  writeFile(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Writes a file that only root, or whoever runs turnctl, and one group may read. @throws {HostError} 'exists' for one that is there */
  createPrivateFile(path: string, content: string, options: PrivateFileOptions): Promise<PrivateFile>;
  /** Writes a new file of the machine turnctl runs on, whole or not at all, for its owner alone. @throws {HostError} 'exists' */
  createLocalFile(path: string, content: string | Uint8Array): Promise<void>;
  /** A file of the package's `templates/`, and where it is. */
  readTemplate(name: string): Promise<{ readonly path: string; readonly text: string }>;
  /** A dialogue with the person at the terminal; null without a terminal. */
  readonly dialogue: (<T>(talk: (ask: Ask) => Promise<T>) => Promise<T>) | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Numeric id of the user who runs turnctl; null where there is no such thing. */
  readonly uid: number | null;
  readonly rendering: Rendering;
  readonly progress: Progress;
  /** The machine coturn runs on: this one, or that of `--ssh`. */
  readonly host: Host;
  /** The same host with the right to change files, for what applies a plan. */
  writableHost(): WritableHost;
  /** The machine turnctl runs on, where the files are that its own flags name. */
  readonly localHost: Host;
  /** Opens the host of `--ssh`. @throws {UsageError} {HostError} */
  connect(destination: string): Promise<RemoteHost>;
  /** What is known of the way to `host`; null where it is this machine. */
  readonly remote: Pick<RemoteHost, 'address' | 'stream' | 'status' | 'readDirectory'> | null;
  readonly net: Net;
  readonly clock: Clock;
  /** Aborted by Ctrl-C; what was allocated on a server is released before the process ends with 130. */
  readonly signal: AbortSignal;
  /** Resolves when the process is told to stop, which for a server is the end of its work and no interruption. */
  untilStopped(): Promise<void>;
  readonly version: string;
}
