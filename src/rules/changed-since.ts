/** Start times are known to the second only. */
const TOLERANCE_MS = 2000;

/** Whether a file changed after a process was started, which then works with its earlier state. Both times as ISO texts. */
export const changedSince = (modifiedAt: string, startedAt: string): boolean =>
  Date.parse(modifiedAt) > Date.parse(startedAt) + TOLERANCE_MS;
