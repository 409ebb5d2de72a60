import type { ConfigEdit } from '../config/edit.ts';
import type { Facts } from '../model/facts.ts';
import type { Finding, RuleId } from '../model/finding.ts';
import type { Step } from '../model/plan.ts';

/** What is at a path; `sha256` of a file. */
export type Present =
  | { readonly kind: 'file'; readonly sha256: string }
  | { readonly kind: 'other' }
  | 'absent';

/** What planners know of the host beyond the facts. */
export interface RepairContext {
  readonly facts: Facts;
  /** What a rule found, symptoms included; nothing where it passed, or is not to be mended. */
  readonly found: (rule: RuleId) => readonly Finding[];
  /** Whether the operator named the rule, and so has decided. */
  readonly isNamed: (rule: RuleId) => boolean;
  /** What is at one of `pathsToLookAt`; undefined for others. */
  readonly at: (path: string) => Present | undefined;
  /** The renewal hook of `templates/`. */
  readonly renewalHook: string;
}

/** What a repair does on the host, in this order, and what it lets the service do when it starts anew. */
export interface Repaired {
  readonly steps: readonly Step[];
  /** Of the configuration. */
  readonly edits?: readonly ConfigEdit[];
  readonly needs?: 'restart' | 'reload-units-and-restart' | 'reload-certificate';
}

/** How to mend what some rules find on the host, beside the lines of the configuration. Pure. */
export interface Repair {
  readonly rules: readonly RuleId[];
  /** Null where this finding cannot be mended without a person. */
  readonly plan: (context: RepairContext) => Repaired | null;
}
