import type { Rule } from '../model/rule.ts';

/** `docs/rules.md`: every rule by topic, from the metadata that stands beside its code. */
export function renderRuleReference(rules: readonly Rule[]): string {
  const topics = [...new Set(rules.map(rule => topicOf(rule)))];
  return `${[
    '# Rules',
    '',
    'Printed by `turnctl explain --all`; a test keeps this file equal to it. A severity may be raised or lowered by what the facts say.',
    '',
    '| rule | severity | what it says |',
    '|---|---|---|',
    ...rules.map(({ id, meta }) => `| [${id}](#${anchorOf(id)}) | ${meta.severity} | ${cell(meta.title)} |`),
    ...topics.flatMap(topic => [
      '',
      `## ${topic}`,
      ...rules.filter(rule => topicOf(rule) === topic).flatMap(section),
    ]),
  ].join('\n')}\n`;
}

const topicOf = ({ id }: Rule): string => id.slice(0, id.indexOf('/'));

const anchorOf = (id: string): string => id.replace('/', '');

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section({ id, meta, needs, either }: Rule): string[] {
  const facts = [...needs, ...(either.length > 0 ? [either.join(' or ')] : [])];
  return [
    '',
    `### ${id}`,
    '',
    `**${meta.title}** (${meta.severity}; reads ${facts.join(', ')})`,
    '',
    meta.why,
    '',
    `Remedy: ${meta.remedy}`,
    ...(meta.explainedBy === undefined
      ? []
      : [
          '',
          `Only a symptom of: ${meta.explainedBy.map(cause => `[${cause}](#${anchorOf(cause)})`).join(', ')}.`,
        ]),
    ...referenceLines(meta.references ?? []),
  ];
}

/** A few references are a sentence, a table of them is a list. */
function referenceLines(references: readonly string[]): string[] {
  if (references.length === 0) return [];
  if (references.length > 6) return ['', 'See:', '', ...references.map(text => `- ${text}`)];
  return ['', `See: ${references.join('; ')}.`];
}
