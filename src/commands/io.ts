import type { Host } from '../host/host.ts';
import type { Rendering } from '../model/report.ts';
import type { Clock, Net } from '../net/net.ts';

/** One line on standard error that says what is being waited for; silent unless that is a terminal. */
export interface Progress {
  update(text: string): void;
  stop(): void;
}

/** Everything a command may touch. The real one is `cli/real-io.ts`; tests pass their own. */
export interface Io {
  /** The report, and nothing else. */
  stdout(text: string): void;
  stderr(text: string): void;
  readStdin(): Promise<Uint8Array>;
  /** Writes `--output`. @throws {HostError} */
  writeFile(path: string, content: string): Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly rendering: Rendering;
  readonly progress: Progress;
  readonly host: Host;
  readonly net: Net;
  readonly clock: Clock;
  /** Aborted by Ctrl-C; what was allocated on a server is released before the process ends with 130. */
  readonly signal: AbortSignal;
  readonly version: string;
}
