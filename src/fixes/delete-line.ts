import { findDirective, readingOf } from '../config/directives.ts';
import { readBoolean } from '../config/values.ts';
import type { ConfigEntry, VersionFact } from '../model/facts.ts';
import type { RuleId } from '../model/finding.ts';
import { type Fix, lineTarget, type Safety } from './fix.ts';

/** How safe it is to delete a line that a rule found; null when that would not be the remedy. */
const DELETIONS: Readonly<
  Record<
    RuleId,
    { readonly safety: Fix['safety']; judge(entry: ConfigEntry, version: VersionFact): Safety | null }
  >
> = {
  'config/removed-option': { safety: 'either', judge: removedOption },
  // coturn refuses the line, so it is in nobody's way and in force nowhere.
  'nat/external-ip-duplicate': { safety: 'safe', judge: () => 'safe' },
  'config/boolean-value': { safety: 'either', judge: uselessFlag },
  // Removing it gives clients an answer back that they wait for, and takes nothing away.
  'listener/no-stun': { safety: 'safe', judge: () => 'safe' },
  'config/exclusive-options': { safety: 'needs-judgement', judge: () => 'needs-judgement' },
};

/** Lines that do nothing, or that should not be there. */
export const deleteLine: readonly Fix[] = Object.entries(DELETIONS).map(([rule, { safety, judge }]) => ({
  rules: [rule as RuleId],
  safety,
  plan(finding, { entryOf, version }) {
    const entry = entryOf(finding);
    const judged = entry === undefined ? null : judge(entry, version);
    if (entry === undefined || judged === null) return null;
    return {
      safety: judged,
      what: `delete the line ${entry.name}`,
      edits: [{ kind: 'delete-line', target: lineTarget(entry) }],
    };
  },
}));

/** A line that asks for what the release does anyway; for an older coturn it may still matter. */
function removedOption({ name, value }: ConfigEntry, { origin }: VersionFact): Safety | null {
  const directive = findDirective(name);
  const needless = directive?.replacedBy?.startsWith('nothing') ?? true;
  if (!needless || (directive?.type === 'flag' && readBoolean(value) === false)) return null;
  return origin === 'newest-known' ? 'needs-judgement' : 'safe';
}

/** `=false` on a flag that coturn only ever switches on does nothing; on one whose value it never reads it switches on. */
function uselessFlag({ name, value }: ConfigEntry, { version }: VersionFact): Safety | null {
  const directive = findDirective(name);
  if (directive === undefined || readBoolean(value) !== false) return null;
  const reading = readingOf(directive, version);
  if (reading === 'true-only') return 'safe';
  return reading === 'presence' ? 'needs-judgement' : null;
}
