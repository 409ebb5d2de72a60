import type { Host, WritableHost } from '../host/host.ts';
import type { Rendering } from '../model/report.ts';
import type { Clock, Net } from '../net/net.ts';

/** One line on standard error that says what is being waited for; silent unless that is a terminal. */
export interface Progress {
  update(text: string): void;
  stop(): void;
}

/** Asks one question and returns the answer without blanks around it; '' when there is none. */
export type Ask = (question: string) => Promise<string>;

export interface PrivateFileOptions {
  /** Who may read it beside the owner; the owner alone where that is not allowed to be given. */
  readonly gid: number | null;
  /** Replaces a file that is there, and keeps it under this name. */
  readonly backup?: string;
}

export interface PrivateFile {
  /** 0o640 or 0o600. */
  readonly mode: number;
  /** The name under which the old file is kept; null when there was none. */
  readonly backup: string | null;
}

/** Everything a command may touch. The real one is `cli/real-io.ts`; tests pass their own. */
export interface Io {
  /** The report, and nothing else. */
  stdout(text: string): void;
  stderr(text: string): void;
  readStdin(): Promise<Uint8Array>;
  /** Writes what a flag names, as `--output`, whole or not at all; `mode` of a new file, default 0o644. @throws {HostError} */
  writeFile(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Writes a file that only root, or whoever runs turnctl, and one group may read. @throws {HostError} 'exists' for one that is there */
  createPrivateFile(path: string, content: string, options: PrivateFileOptions): Promise<PrivateFile>;
  /** A file of the package's `templates/`, and where it is. */
  readTemplate(name: string): Promise<{ readonly path: string; readonly text: string }>;
  /** A dialogue with the person at the terminal; null without a terminal. */
  readonly dialogue: (<T>(talk: (ask: Ask) => Promise<T>) => Promise<T>) | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Numeric id of the user who runs turnctl; null where there is no such thing. */
  readonly uid: number | null;
  readonly rendering: Rendering;
  readonly progress: Progress;
  readonly host: Host;
  /** The same host with the right to change files, for what applies a plan. */
  writableHost(): WritableHost;
  readonly net: Net;
  readonly clock: Clock;
  /** Aborted by Ctrl-C; what was allocated on a server is released before the process ends with 130. */
  readonly signal: AbortSignal;
  readonly version: string;
}
