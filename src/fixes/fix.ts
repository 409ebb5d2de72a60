import type { ConfigEdit } from '../config/edit.ts';
import type { ConfigEntry, ConfigFact, VersionFact } from '../model/facts.ts';
import type { Finding, RuleId } from '../model/finding.ts';

/** `safe`: it makes the file say what its author meant, and nobody loses or gains access by surprise. */
export type Safety = 'safe' | 'needs-judgement';

/** A change to the file that takes one finding away. Edits are positional: the facts hold no secrets to write back. */
export interface PlannedFix {
  readonly safety: Safety;
  /** What it does, for a list: `move the comment behind realm to a line of its own`. */
  readonly what: string;
  readonly edits: readonly ConfigEdit[];
  /** Moves lines about, so that no other fix can be planned in the same round. */
  readonly wholeFile?: true;
}

export interface FixContext {
  readonly config: ConfigFact;
  readonly version: VersionFact;
  /** The line of the file a finding points at; an overflow has none. */
  readonly entryOf: (finding: Finding) => ConfigEntry | undefined;
  /** Known where the host is: what no file tells. */
  readonly site?: {
    readonly realm: string | null;
    readonly publicIp: string | null;
    /** The address that the public one is mapped to. */
    readonly privateIp: string | null;
  };
}

/** How to mend what a rule finds. Pure; rules do not know of it. */
export interface Fix {
  readonly rules: readonly RuleId[];
  /** `either`: it depends on the line. */
  readonly safety: Safety | 'either';
  /** Null where this finding cannot be mended by an edit. */
  readonly plan: (finding: Finding, context: FixContext) => PlannedFix | null;
}

/** The line itself, however its option is written. */
export const lineTarget = ({ name, line }: ConfigEntry) => ({ option: name, line });
