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
  /** Ends the program when it is aborted, which is a timeout too. */
  readonly signal?: AbortSignal;
  /** Keeps the terminal, where the program may ask a person for a passphrase. */
  readonly terminal?: boolean;
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
  | 'busy'
  | 'irreversible'
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

/** The way to another host is gone, so that nothing it does not answer says anything: no fact, and no `HostError`. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly hint = 'Run the same command again.';
}

export interface WriteGuard {
  /** What the file must still hold, or that there must be none. */
  readonly expectSha256: string | 'absent';
  /** For a new file: it gets the owner, mode, access list and security label of this one. */
  readonly like?: string;
  /** Of a new file without `like`; default 0o600. Its owner is whoever runs turnctl on that host. */
  readonly mode?: number;
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

/** A host whose files may be changed. Handed only to what applies a plan. */
export interface WritableHost extends Host {
  /**
   * Writes beside, syncs, renames: at any moment the file is the old or the new one. Follows links, and keeps owner,
   * mode, access list and security label. @throws {HostError} 'changed' when the file is not as guarded.
   */
  writeFile(path: string, content: Uint8Array, guard: WriteGuard): Promise<void>;
  /** The file that a path leads to, links followed. @throws {HostError} */
  realPath(path: string): Promise<string>;
}
