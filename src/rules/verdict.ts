import type { RuleId } from '../model/finding.ts';
import type { Check, ExitCode, Verdict } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';

/** Upstream first: whatever stands earlier can cause what stands later, and is to be repaired first. */
const UPSTREAM = [
  'config/unreadable',
  'config/not-coturn',
  'service/',
  'dns/',
  'firewall/',
  'listener/',
  'auth/',
  'credentials/',
  'database/',
  'relay/',
  'nat/',
  'tls/',
  'ice/',
  'capacity/',
  'peers/',
  'config/',
  'version/',
  'logging/',
] as const;

const SEVERITIES = ['error', 'warning', 'info'] as const;

const upstreamRank = (id: RuleId): number => {
  const rank = UPSTREAM.findIndex(prefix => id.startsWith(prefix));
  return rank < 0 ? UPSTREAM.length : rank;
};

/** Failed checks that nothing else explains: errors before warnings, and within them the most upstream first. */
export function rootCauses(checks: readonly Check[]): Check[] {
  return checks
    .filter(check => check.outcome === 'failed' && check.explainedBy === undefined)
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        upstreamRank(a.id) - upstreamRank(b.id) ||
        (a.id < b.id ? -1 : 1),
    );
}

export interface VerdictInput {
  readonly checks: readonly Check[];
  readonly exitCode: ExitCode;
  /** Why nothing can be said whatever was found: nothing on the way to the server answered. */
  readonly unreachable?: string | undefined;
  /** Why no verdict is possible, unless a fault was found. */
  readonly inconclusive?: string | undefined;
  /** What is well, for the headline of a clean run. */
  readonly allWell: string;
}

/** The first line of every report: the effect on users, then the cause. */
export function judge(input: VerdictInput, rules: readonly Rule[]): Verdict {
  const causes = rootCauses(input.checks);
  const ids = causes.map(check => check.id);
  const [first] = causes;
  if (input.unreachable !== undefined) {
    return { status: 'inconclusive', headline: input.unreachable, exitCode: input.exitCode, causes: ids };
  }
  if (first !== undefined && first.severity !== 'info') {
    const effect = rules.find(rule => rule.id === first.id)?.meta.effect;
    return { status: 'findings', headline: headlineOf(first, effect), exitCode: input.exitCode, causes: ids };
  }
  const crashed = input.checks.filter(check => check.outcome === 'crashed');
  const reason =
    input.inconclusive ??
    (crashed.length > 0 ? `${crashed.map(check => check.id).join(', ')} crashed` : undefined);
  if (reason !== undefined) {
    return { status: 'inconclusive', headline: reason, exitCode: input.exitCode, causes: ids };
  }
  return {
    status: 'ok',
    headline: input.allWell,
    exitCode: input.exitCode,
    causes: ids,
  };
}

/** Effect and fault with its place; the finding's own words where a rule has no effect to name. */
function headlineOf({ findings: [finding], title }: Check, effect: string | undefined): string {
  if (effect === undefined) return finding?.message ?? title;
  const at = finding?.at;
  const place = at === undefined ? '' : ` (${at.file}${at.line === undefined ? '' : `:${at.line}`})`;
  return `${effect}: ${finding?.option === undefined ? title : `${finding.option}: ${title}`}${place}`;
}
