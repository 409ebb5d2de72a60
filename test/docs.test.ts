import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/cli/registry.ts';
import { PLANTED } from '../src/demo/planted.ts';
import { renderRuleReference } from '../src/report/rule-reference.ts';
import { rules } from '../src/rules/index.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('docs/rules.md is what `turnctl explain --all` prints', () => {
  expect(read('docs/rules.md')).toBe(renderRuleReference(rules));
});

test('README names no command and no rule that does not exist', () => {
  const readme = read('README.md');
  const commands = [...readme.matchAll(/^turnctl ([a-z]+)/gm)].map(([, name]) => name);
  expect(commands.length).toBeGreaterThan(3);
  for (const name of commands) expect(COMMANDS.map(command => command.name)).toContain(name);
  const topics = new Set(rules.map(({ id }) => id.split('/')[0]));
  const ids = [...readme.matchAll(/\b([a-z]+)\/[a-z][a-z-]+\b/g)]
    .filter(([, topic]) => topics.has(topic))
    .map(([id]) => id);
  for (const id of ids) expect(rules.map(rule => rule.id)).toContain(id);
});

test('every planted fault of the demo is a rule', () => {
  for (const id of PLANTED) expect(rules.map(rule => rule.id)).toContain(id);
});
