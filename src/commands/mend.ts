import { applyEdits } from '../config/edit.ts';
import { compatible, type FixOfFinding, planFixes } from '../fixes/index.ts';
import type { ConfigFact, VersionFact } from '../model/facts.ts';
import type { Check } from '../model/report.ts';

/** How often a mended line is looked at again: comment, semicolon, quotes and a range may all be wrong in one. */
const MOST_ROUNDS = 12;

export interface Mended {
  readonly bytes: Uint8Array;
  /** What was mended, in this order. */
  readonly applied: readonly FixOfFinding[];
  /** What could be, and is for a person to decide. */
  readonly suggested: readonly FixOfFinding[];
}

export interface Judgement {
  readonly read: (bytes: Uint8Array) => ConfigFact;
  readonly check: (config: ConfigFact) => readonly Check[];
  readonly version: VersionFact;
}

/** Mends and judges again until nothing safe is left, so that a second run finds nothing to do. */
export function mend(original: Uint8Array, { read, check, version }: Judgement): Mended {
  const applied: FixOfFinding[] = [];
  let bytes = original;
  for (let round = 1; ; round++) {
    const config = read(bytes);
    const fixes = planFixes(check(config), config, version);
    const chosen = compatible(fixes);
    const edits = chosen.flatMap(fix => fix.edits);
    const next = applyEdits(bytes, edits);
    if (round > MOST_ROUNDS || Buffer.compare(next, bytes) === 0) {
      return { bytes, applied, suggested: fixes.filter(({ safety }) => safety !== 'safe') };
    }
    applied.push(...chosen);
    bytes = next;
  }
}
