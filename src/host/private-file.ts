/** How to write a file that only its owner and one group may read. */
export interface PrivateFileOptions {
  /** Who may read it beside the owner; the owner alone where that is not allowed to be given. */
  readonly gid: number | null;
  /** Replaces a file that is there, and keeps it under this name. */
  readonly backup?: string;
}

/** Such a file as it was written. */
export interface PrivateFile {
  /** 0o640 or 0o600. */
  readonly mode: number;
  /** The name under which the old file is kept; null when there was none. */
  readonly backup: string | null;
}
