import type { Rendering } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { styleOf } from './style.ts';
import { labelled, wrap } from './text.ts';

/** What `lint --fix` does about it. */
const FIXABLE: Readonly<Record<string, string>> = {
  safe: 'turnctl lint --fix mends it',
  either: 'turnctl lint --fix mends it where that is safe, and else says what it would do',
  'needs-judgement': 'turnctl lint --fix says what it would do, and leaves that to you',
};

/** One rule for a person: title, effect, why, what to do, what it reads, what explains it. */
export function renderExplanation(
  { id, meta, needs, either }: Rule,
  rendering: Rendering,
  fixable?: string,
): string {
  const style = styleOf(rendering);
  const width = Math.max(40, Math.min(rendering.width, 100));
  const facts = [...needs, ...(either.length > 0 ? [either.join(' or ')] : [])].join(', ');
  return `${[
    `${style.chalk.bold(id)}  ${style.severity(meta.severity, meta.severity)}`,
    ...wrap(meta.title, width),
    '',
    ...labelled('why', meta.why, width, 0),
    ...labelled('fix', meta.remedy, width, 0),
    ...(fixable === undefined ? [] : labelled('--fix', FIXABLE[fixable] ?? fixable, width, 0)),
    ...labelled('reads', facts, width, 0),
    ...(meta.explainedBy === undefined ? [] : labelled('after', meta.explainedBy.join(', '), width, 0)),
    ...seen(meta.references ?? []).flatMap((text, i) => labelled(i === 0 ? 'see' : '', text, width, 0)),
  ].join('\n')}\n`;
}

/** A few references read as one line, a table of them as a list. */
const seen = (references: readonly string[]): readonly string[] =>
  references.length > 6 ? references : references.length === 0 ? [] : [references.join('; ')];

/** Every rule in a line, by topic. */
export function renderRuleList(rules: readonly Rule[], rendering: Rendering): string {
  const { chalk, severity } = styleOf(rendering);
  const column = Math.max(...rules.map(rule => rule.id.length)) + 2;
  const lines = rules.map(({ id, meta }) => {
    const room = Math.max(20, rendering.width - column - 9);
    const title = meta.title.length > room ? `${meta.title.slice(0, room - 3)}...` : meta.title;
    return `${id.padEnd(column)}${severity(meta.severity, meta.severity.padEnd(9))}${title}`;
  });
  return `${[...lines, '', chalk.dim('turnctl explain RULE says why and how to mend it.')].join('\n')}\n`;
}
