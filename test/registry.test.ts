import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../src/model/rule.ts';
import { rules } from '../src/rules/index.ts';

const src = new URL('../src/rules', import.meta.url).pathname;
const tests = new URL('rules', import.meta.url).pathname;

/** The closed list of topics; a file beside the folders serves several rules. */
const TOPICS = [
  'auth',
  'capacity',
  'config',
  'credentials',
  'database',
  'dns',
  'firewall',
  'ice',
  'listener',
  'logging',
  'nat',
  'peers',
  'relay',
  'service',
  'tls',
  'version',
];

const topics = readdirSync(src).filter(name => statSync(join(src, name)).isDirectory());
const files = topics
  .flatMap(topic => readdirSync(join(src, topic)).map(name => `${topic}/${name.replace(/\.ts$/, '')}`))
  .sort();
const ids = new Set<string>(rules.map(rule => rule.id));

describe('the registry of rules', () => {
  test('has every file, under its path as id, in order', () => {
    expect(rules.map(rule => rule.id)).toEqual(files);
  });

  test('knows no topic that is not on the list', () => {
    expect(topics.filter(topic => !TOPICS.includes(topic))).toEqual([]);
  });

  test('has no rule that names itself as its cause, through others neither', () => {
    const causes = new Map(rules.map(rule => [rule.id as string, rule.meta.explainedBy ?? []]));
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (causes.get(from) ?? []).some(
        next => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
      );
    expect(rules.filter(rule => reaches(rule.id, rule.id)).map(rule => rule.id)).toEqual([]);
  });
});

describe.each(rules.map((rule): [string, Rule] => [rule.id, rule]))('%s', (id, rule) => {
  test('has a test of its own', () => {
    expect(existsSync(join(tests, `${id}.test.ts`))).toBe(true);
  });

  test('says what, why and what to do', () => {
    const { title, why, remedy, severity, effect, references = [] } = rule.meta;
    expect(title).toMatch(/^\S.{5,79}[^.\s]$/);
    expect(why).toMatch(/^\S.{30,}[.)]$/s);
    expect(remedy).toMatch(/^\S.{10,}\.$/s);
    expect(effect ?? 'x').toMatch(/[^.]$/);
    expect(['error', 'warning', 'info']).toContain(severity);
    for (const reference of references) expect(reference.trim()).not.toBe('');
  });

  test('reads some fact, none of them twice', () => {
    const facts = [...rule.needs, ...rule.either, ...rule.uses];
    expect(facts.length).toBeGreaterThan(0);
    expect(new Set(facts).size).toBe(facts.length);
  });

  test('is explained by rules that exist', () => {
    expect((rule.meta.explainedBy ?? []).filter(cause => !ids.has(cause))).toEqual([]);
  });
});
