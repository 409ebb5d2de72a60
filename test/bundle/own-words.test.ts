import { expect, test } from 'vitest';
import { ownWords } from '../../src/bundle/own-words.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import { deployment } from '../support/facts-builder.ts';

const facts = deployment.adding('user=grace:hopper').with({
  processes: [
    {
      ...{ pid: 812, user: 'ada', argv: ['turnserver', 'lovelace'], startedAt: null },
      ...{ sameNetwork: true, unit: 'coturn.service' },
    },
  ],
}).facts;
const checks = runRules(rules, facts, 0);
const words = ownWords(JSON.parse(JSON.stringify({ checks, facts })));

test('ids of rules, keys of facts and what they choose from are words of ours', () => {
  const ids = rules.map(({ id }) => id).filter(id => !/\d/.test(id));
  const ofIds = ids.flatMap(id => [id, ...id.split(/[/-]/)]);
  const ofFacts = ['missing', 'readableByService', 'active', 'systemd', 'elsewhere', 'allocated', 'udp'];
  for (const word of [...ofIds, ...ofFacts]) expect(words).toContain(word);
});

test('names that somebody gave are not', () => {
  for (const name of ['ada', 'lovelace', 'grace', 'hopper', 'alice']) expect(words).not.toContain(name);
});
