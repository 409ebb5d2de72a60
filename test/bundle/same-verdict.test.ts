import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/bundle/redactor.ts';
import { userNamesOf } from '../../src/bundle/user-tokens.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { FactName, Facts, FactValues } from '../../src/model/facts.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import cases from '../fixtures/cases.json' with { type: 'json' };
import { deployment, fileAlone } from '../support/facts-builder.ts';

/** What each rule came to, and which explains which. */
const verdict = (facts: Facts) =>
  runRules(rules, facts, Date.parse(facts.observedAt)).map(
    ({ id, outcome, severity, explainedBy, findings }) => ({
      ...{ id, outcome, severity, explainedBy },
      at: findings.map(({ at }) => at?.line),
    }),
  );

/** The facts as a bundle has them, for several keys: one may leave an address as it is. */
function expectTheSame(facts: Facts): void {
  const before = verdict(facts);
  for (const key of ['a', 'b', 'c']) {
    const users = userNamesOf(facts);
    const redactor = createRedactor({ key: Buffer.from(key), secrets: [], users, keepAddresses: false });
    expect(verdict(redactor.json(facts))).toEqual(before);
  }
}

describe('rules say of the tokens what they say of the truth', () => {
  const folder = new URL('../fixtures/real-world/', import.meta.url);
  test.each(readdirSync(folder).filter(name => name.endsWith('.conf')))('%s', name => {
    const config = readConfig(readFileSync(new URL(name, folder)), { path: name, foundBy: 'asked' });
    expectTheSame(fileAlone.with({ config }).facts);
    expectTheSame(deployment.with({ config }).facts);
  });

  for (const { id, title, config, facts = {} } of cases as unknown as readonly {
    readonly id: string;
    readonly title: string;
    readonly config: string;
    readonly facts?: Partial<FactValues>;
  }[]) {
    test(`${id} ${title}`, () => {
      const lines = config.replace(/\n$/, '').split('\n');
      expectTheSame(fileAlone.withConfig(...lines).facts);
      expectTheSame(deployment.with(facts as Pick<FactValues, FactName>).withConfig(...lines).facts);
    });
  }
});
