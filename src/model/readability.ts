/** Whether the service's user can read a file. */
export interface Readability {
  /** Null when that user is unknown, or not enough of the path can be seen. */
  readonly readableByService: boolean | null;
  /** The first directory or file on the way that keeps that user out. */
  readonly blockedAt?: string;
  /** Why: a clause about `blockedAt`, as `turnserver may not enter it`. */
  readonly blockedBecause?: string;
}
