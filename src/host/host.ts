/** What a program left behind. Output is decoded as UTF-8 and capped; `truncated` says so. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

export interface RunOptions {
  /** Default 10 s. */
  readonly timeoutMs?: number;
  readonly input?: string;
  readonly maxOutputBytes?: number;
}

export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

export type HostErrorCode =
  | 'not-found'
  | 'permission-denied'
  | 'is-directory'
  | 'too-large'
  | 'no-such-program'
  | 'timed-out'
  | 'no-space'
  | 'changed'
  | 'exists'
  | 'io';

/** Something the host refused. Exit code 3 when it reaches `cli/main.ts`. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: HostErrorCode;
  /** What the operator can do about it. */
  readonly hint: string | undefined;
  constructor(code: HostErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** The machine coturn runs on, and the only way to it. */
export interface Host {
  readonly name: string;
  /** Runs argv without a shell, LC_ALL=C. A non-zero exit is a result, not an error. @throws {HostError} when it cannot start or times out. */
  run(argv: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** @throws {HostError} 'too-large' above `maxBytes` (default 16 MiB), before reading it. */
  readFile(path: string, options?: { readonly maxBytes?: number }): Promise<Uint8Array>;
  /** Names in a directory, sorted. @throws {HostError} */
  readDirectory(path: string): Promise<readonly string[]>;
  readLink(path: string): Promise<string>;
  /** Follows links. @throws {HostError} */
  status(path: string): Promise<FileStatus>;
}
