import type { ConfigEdit } from '../config/edit.ts';
import type { RuleId } from './finding.ts';

/** `none`: nobody notices. `drops-allocations`: running calls end. `may-cut-access`: the operator may lose their own way in. */
export type Risk = 'none' | 'drops-allocations' | 'may-cut-access';

/** What a step leaves behind, taken back: a program to run, or why there is none. */
export type Undo = readonly string[] | 'none-needed' | 'impossible';

/** One change of the host, as data: printed by `--plan`, written to the journal, then done. */
export type Step = {
  /** Where it is not good for all that the plan is. */
  readonly resolves?: readonly RuleId[];
} /** Edits of a configuration file that is there. Undone with the bytes, owner and mode it had. */ & (
  | {
      readonly kind: 'edit-file';
      readonly path: string;
      readonly expectSha256: string;
      readonly edits: readonly ConfigEdit[];
      readonly why: string;
    }
  /** A whole file: new (`absent`) or in the place of one that is known. Undone by removing it, or with the bytes it had. */
  | {
      readonly kind: 'put-file';
      readonly path: string;
      readonly expectSha256: string | 'absent';
      readonly content: string;
      /** Of a new file, `0o644` where nothing is said. */
      readonly mode?: number;
      readonly why: string;
    }
  /** Owner, group and mode of a file that is there. Undone with those it had. */
  | {
      readonly kind: 'set-access';
      readonly path: string;
      readonly user?: string;
      readonly group?: string;
      readonly mode?: number;
      readonly why: string;
    }
  /** A program, without a shell. */
  | {
      readonly kind: 'run';
      readonly argv: readonly string[];
      readonly undo: Undo;
      readonly why: string;
      /** Files the program changes, kept byte for byte beside the undo. */
      readonly touches?: readonly string[];
    }
);

/** A program that makes the host use what the steps changed, as a restart: run last, when applying and when undoing. */
export interface Activation {
  readonly argv: readonly string[];
  /** After the steps are undone: the same again, or what brings back a service that did not run. */
  readonly back: readonly string[];
  readonly why: string;
}

/** What is to be done, in this order, and what it is good for. Undone in reverse. */
export interface Plan {
  readonly resolves: readonly RuleId[];
  readonly steps: readonly Step[];
  readonly risk: Risk;
  readonly activate?: readonly Activation[];
}
