import type { RuleId } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { plural } from '../util/text.ts';
import type { Style } from './style.ts';
import { labelled } from './text.ts';

/** What follows is in the JSON report; a person reads no more than this of what did not happen. */
const MOST_LINES = 5;

/** Skipped is said with its reason, once for all rules that share it, the most common first; a crash is named. */
export function renderUnchecked({ checks }: Report, width: number, style: Style): string[] {
  const { chalk, sign, severity } = style;
  const byReason = new Map<string, RuleId[]>();
  for (const { outcome, reason = 'no reason given', id } of checks) {
    if (outcome === 'skipped') byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  const reasons = [...byReason].sort(([, a], [, b]) => b.length - a.length);
  const crashed = checks
    .filter(check => check.outcome === 'crashed')
    .flatMap(({ id, reason = '' }) => labelled(sign.failed, `${id} crashed: ${reason}`, width));
  const lines: string[] = [];
  let left = reasons.length;
  for (const [reason, ids] of reasons) {
    const what = ids.length === 1 ? ids[0] : plural(ids.length, 'rule');
    const next = labelled(sign.skipped, `${reason} ${sign.dash} ${what}`, width, 2, 2);
    if (lines.length > 0 && lines.length + next.length > MOST_LINES) break;
    lines.push(...next);
    left -= 1;
  }
  const more = left > 0 ? `, and ${plural(left, 'more reason')} (--json has the whole list)` : '';
  return [
    ...crashed.map(line => severity('error', line)),
    ...(reasons.length > 0 ? [`Not checked${more}`] : []).concat(lines).map(line => chalk.dim(line)),
  ];
}
