import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { unknownFacts } from '../../src/facts/unknown-facts.ts';
import type { Facts } from '../../src/model/facts.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import { causes } from '../lab/turnctl.ts';
import { MECHANISMS } from '../support/mechanisms.ts';

/** What real browsers and a real coturn gave, written down by `test/e2e/mechanisms.e2e.ts`. */
function recorded(name: string): Facts {
  const facts = JSON.parse(
    readFileSync(new URL(`../fixtures/timelines/${name}.json`, import.meta.url), 'utf8'),
  ) as Partial<Facts> & Pick<Facts, 'observedAt'>;
  return { ...unknownFacts(facts.observedAt, 'not recorded'), ...facts };
}

describe('each mechanism of failing first calls has exactly one name', () => {
  test.each(MECHANISMS)('$name: $cause', ({ name, cause }) => {
    const facts = recorded(name);
    const checks = runRules(rules, facts, Date.parse(facts.observedAt));
    const notes = checks
      .filter(({ outcome, severity }) => outcome === 'failed' && severity === 'info')
      .map(({ id }) => `info ${id}`);
    if (cause.startsWith('info ')) {
      expect(causes({ checks })).toEqual([]);
      expect(notes.filter(note => note.startsWith('info logging/'))).toEqual([cause]);
    } else expect(causes({ checks })).toEqual([cause]);
  });

  test.each(MECHANISMS)('$name: whether the call connects: $connects', ({ name, connects }) => {
    const { client } = recorded(name);
    const calls = client.known ? client.value.calls : [];
    expect(calls.map(({ caller }) => caller.connectedMs !== null)).toEqual([connects]);
  });
});
