import { expect, test } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import { isServing, whyWorse } from '../../src/rules/worse.ts';
import { deployment, type FactsBuilder } from '../support/facts-builder.ts';
import { allocated, binding, bindingFailed, silence } from '../support/observations.ts';

const judged = ({ facts }: FactsBuilder) => ({
  facts,
  checks: runRules(rules, facts, Date.parse(facts.observedAt)),
});

const sound = judged(deployment);
const service = deployment.facts.service.known ? deployment.facts.service.value : undefined;
const down = judged(
  deployment.with({ service: { ...service!, active: 'failed' }, processes: [], sockets: [] }).seeing(),
);

test('the same is not worse, and neither is better', () => {
  expect(whyWorse(sound, sound)).toBeNull();
  expect(whyWorse(down, sound)).toBeNull();
});

test('a service that does not run any more', () => {
  expect(whyWorse(sound, down)).toMatch(/^service\/not-running: coturn.service has failed/);
});

test('silence where there was an answer', () => {
  const silent = judged(deployment.seeing(bindingFailed(silence), allocated()));
  expect(whyWorse(sound, silent)).not.toBeNull();
  expect(isServing(sound.facts, silent.facts)).toBe(false);
});

test('what could not be seen before is no proof', () => {
  const blind = judged(deployment.without('wire', 'config', 'tlsFiles'));
  const faulty = judged(deployment.adding('no-stun').seeing(bindingFailed(silence), allocated()));
  expect(whyWorse(blind, faulty)).toBeNull();
});

test('a server that says nothing yet is waited for', () => {
  expect(isServing(down.facts, down.facts)).toBe(false);
  expect(isServing(down.facts, judged(deployment.seeing(binding())).facts)).toBe(true);
});
