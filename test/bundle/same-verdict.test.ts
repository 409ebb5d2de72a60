import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/bundle/redactor.ts';
import { userNamesOf } from '../../src/bundle/user-tokens.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { FactName, Facts, FactValues } from '../../src/model/facts.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import cases from '../fixtures/cases.json' with { type: 'json' };
import { deployment, type FactsBuilder, fileAlone } from '../support/facts-builder.ts';
import { allocated, binding, dataPath, peerPolicy } from '../support/observations.ts';

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

describe('what stands in the log and was seen on the wire', () => {
  const denied = (ip: string, range: string) => `0: : ERROR: A peer IP ${ip} denied in the range: ${range}`;
  const refused = (user: string) =>
    `0: : session 1: realm <r> user <${user}>: incoming packet CREATE_PERMISSION processed, error 403: Forbidden IP`;
  const logging = (...lines: string[]) =>
    deployment.with({ logLines: { source: '/var/log/turnserver/turn.log', lines } });
  const relayed = (ip: string) => ({ ip, port: 49170 });
  const lost = { outcome: 'lost', sent: 4, waitedMs: 1200 } as const;

  const stories: Readonly<Record<string, FactsBuilder>> = {
    'a peer that turnctl asked for in this run': logging(
      denied('10.253.113.97', '10.0.0.0-10.255.255.255'),
    ).seeing(peerPolicy([{ ip: '10.253.113.97', kind: 'private', answer: 403 }])),
    'a peer that turnctl asked for before': logging(
      denied('172.17.0.1', '172.16.0.0-172.31.255.255'),
      refused('1795533427:turnctl-3'),
    ),
    'a peer that a client asked for': logging(
      denied('192.168.5.20', '192.168.0.0-192.168.255.255'),
      refused('1795533427:ada'),
    ),
    'a peer on the network of the server': logging(
      denied('192.168.5.20', '192.168.0.0-192.168.255.255'),
      denied('203.0.114.77', '203.0.114.0-203.0.114.255'),
    ),
    'a private relayed address': deployment.seeing(
      binding(),
      allocated({ relayedAddress: relayed('10.1.2.3') }),
    ),
    'the address of another': deployment.adding('external-ip=198.51.100.99/10.1.2.3').seeing(
      allocated({ relayedAddress: relayed('8.9.10.11') }),
      dataPath({
        relayedAddress: relayed('8.9.10.11'),
        inbound: lost,
        outbound: { outcome: 'wrong-source', from: relayed('8.9.12.13'), ms: 1 },
      }),
    ),
    'addresses of both families, and one of them announced': deployment
      .adding('external-ip=5.6.7.8/10.1.2.3', 'relay-ip=10.1.2.3', 'relay-ip=2a01:4f8::7')
      .with({
        addresses: [
          { interface: 'eth0', ip: '10.1.2.3', prefixLength: 24, scope: 'global' },
          { interface: 'eth0', ip: '2a01:4f8::7', prefixLength: 64, scope: 'global' },
        ],
      }),
    'a mapping of an address that is not there': deployment
      .adding('external-ip=5.6.7.8/10.1.2.4')
      .with({ addresses: [{ interface: 'eth0', ip: '10.1.2.3', prefixLength: 24, scope: 'global' }] }),
  };
  test.each(Object.entries(stories))('%s', (_name, { facts }) => expectTheSame(facts));
});

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
