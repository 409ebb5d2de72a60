import type { Severity } from '../model/finding.ts';

/** Order of severities, gravest highest. */
export const severityRank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };
