export type Severity = 'error' | 'warning' | 'info';

/** `<topic>/<fault>`, equal to the rule's path under `src/rules/`. Public: a rename keeps an alias. */
export type RuleId = `${string}/${string}`;

/** Lines and columns count from 1. A column is counted in characters (UTF-16 code units) of that line. */
export interface Location {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endColumn?: number;
}

/** What a rule returns: one fault, seen once. Never holds a secret; see `config/redact.ts`. */
export interface Problem {
  /** One sentence that names the value which caused it. */
  readonly message: string;
  /** coturn's name of the option, as in the file. */
  readonly option?: string;
  readonly at?: Location;
  /** What was observed, so that an operator can disbelieve us and look. */
  readonly evidence?: string;
  /** What to do on this host. Absent: the rule's general remedy applies. */
  readonly remedy?: string;
  /** Only where the facts raise or lower the rule's own severity. */
  readonly severity?: Severity;
  /** Narrows the rule's `explainedBy` to the causes that the facts allow; empty when it is a cause itself. */
  readonly causes?: readonly RuleId[];
}

export interface Finding extends Problem {
  readonly severity: Severity;
}
