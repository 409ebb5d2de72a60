import type { Coldstart, Gathering } from './coldstart.ts';
import type { EndpointFact } from './endpoint.ts';
import type { ConfigFact, Facts, VersionFact } from './facts.ts';
import type { Finding, RuleId, Severity } from './finding.ts';
import type { LogSection } from './log-report.ts';
import type { Observation } from './observation.ts';
import type { ServiceSection } from './service-state.ts';
import type { TranscriptEntry } from './transcript.ts';

/** The outcome of one rule in one run. Skipped is never a pass; a rule that throws is crashed and the rest still run. */
export interface Check {
  readonly id: RuleId;
  readonly title: string;
  /** The severity in force: the rule's own, or the highest of its findings. */
  readonly severity: Severity;
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'crashed';
  /** Why it was skipped or crashed. */
  readonly reason?: string;
  /** The cause of which this is only a symptom in this run. */
  readonly explainedBy?: RuleId;
  readonly findings: readonly Finding[];
  /** How many more there were that the baseline has. */
  readonly inBaseline?: number;
}

export type ExitCode = 0 | 1 | 2 | 3 | 4;

export type FailOn = Severity | 'never';

export interface Verdict {
  readonly status: 'ok' | 'findings' | 'inconclusive';
  /** One sentence: the effect on users, then the cause. */
  readonly headline: string;
  readonly exitCode: ExitCode;
  /** Failed checks that no other explains, most upstream first: repair them in this order. */
  readonly causes: readonly RuleId[];
}

export interface ReportTarget {
  readonly host: string;
  readonly uri?: string;
  /** The server that was judged, where it is not the user's own: `embedded demo server`. */
  readonly note?: string;
}

/** Everything a reporter may print. `schemaVersion` 1 of the JSON format is this object, see `report/json.ts`. */
export interface Report {
  readonly tool: { readonly name: 'turnctl'; readonly version: string };
  readonly command: string;
  readonly observedAt: string;
  readonly target: ReportTarget;
  /** The coturn the rules judged by; absent where there was none to tell. */
  readonly judgedAs?: VersionFact;
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  readonly observations: readonly Observation[];
  /** What the credential endpoint answered, where a probe asked it (`--api`). */
  readonly endpoint?: EndpointFact;
  readonly timingsMs: { readonly total: number } & Readonly<Record<string, number>>;
  /** Kept so that `diagnose --from` can judge again, elsewhere and later. */
  readonly facts?: Facts;
  /** What passed on the wire, where it was asked for (`--trace`). */
  readonly transcript?: readonly TranscriptEntry[];
  /** Calls in a browser, where some were made. */
  readonly coldstart?: Coldstart;
  /** What a browser made of the URIs, where it was asked. */
  readonly gatherings?: readonly Gathering[];
  /** What `service` tells beside. */
  readonly service?: ServiceSection;
  /** What coturn's log says. */
  readonly log?: LogSection;
  /** The configurations that were judged, for a reporter to quote lines of. */
  readonly sources: readonly ConfigFact[];
}

export interface Rendering {
  readonly color: boolean;
  /** Columns; text wraps here. */
  readonly width: number;
  /** False where the locale has no UTF-8: ASCII only. */
  readonly unicode: boolean;
}
