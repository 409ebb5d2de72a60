import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../src/config/settings.ts';
import { fatalAtStart } from '../../src/rules/fatal-at-start.ts';
import { deployment, type FactsBuilder } from '../support/facts-builder.ts';

const fatal = ({ facts }: FactsBuilder) => {
  if (!facts.config.known || !facts.version.known) throw new Error('the builder knows both');
  const settings = settingsOf(facts.config.value, facts.version.value.version);
  return fatalAtStart(facts, settings, Date.parse(facts.observedAt));
};

const sockets = deployment.facts.sockets.known ? deployment.facts.sockets.value : [];

describe('what coturn would not come up with', () => {
  const cases = [
    { name: 'a sound deployment', facts: deployment, ids: [] },
    {
      name: 'lines that coturn refuses together',
      facts: deployment.adding('no-udp-relay', 'no-tcp-relay'),
      ids: ['config/exclusive-options'],
    },
    {
      name: 'bps-capacity alone',
      facts: deployment.adding('bps-capacity=1000'),
      ids: ['capacity/bps-capacity-without-max-bps'],
    },
    {
      name: 'a boolean it does not know',
      facts: deployment.adding('no-udp=maybe'),
      ids: ['config/boolean-value'],
    },
    {
      name: 'an option of the command line',
      facts: deployment.adding('version'),
      ids: ['service/not-running'],
    },
    {
      name: 'an inverted range',
      facts: deployment.removing('min-port', 'max-port').adding('min-port=60000', 'max-port=50000'),
      ids: ['relay/port-range-inverted'],
    },
    {
      name: 'a port below 1024',
      facts: deployment.removing('listening-port').adding('listening-port=443'),
      ids: ['listener/privileged-port'],
    },
    {
      name: 'an address of another host',
      facts: deployment.removing('listening-ip').adding('listening-ip=198.51.100.1'),
      ids: ['listener/address-not-local'],
    },
    { name: 'what is wrong and not fatal', facts: deployment.adding('no-stun', 'no-such-option'), ids: [] },
    {
      name: 'a port that another program has',
      facts: deployment.with({
        sockets: [
          ...sockets.slice(0, 1),
          { protocol: 'tcp', ip: '0.0.0.0', port: 5349, pid: 812, program: 'nginx' },
        ],
      }),
      ids: ['service/not-running'],
    },
    {
      name: 'the same port of an address coturn does not listen on',
      facts: deployment.with({
        sockets: [
          ...sockets,
          { protocol: 'tcp', ip: '203.0.113.99', port: 5349, pid: 812, program: 'nginx' },
        ],
      }),
      ids: [],
    },
  ] as const;
  for (const { name, facts, ids } of cases) {
    test(name, () => expect(fatal(facts).map(({ id }) => id)).toEqual(ids));
  }

  test('says who has the port', () => {
    const facts = deployment.with({
      sockets: [{ protocol: 'udp', ip: '::', port: 3478, pid: 9, program: 'other' }],
    });
    expect(fatal(facts)[0]?.findings[0]?.message).toContain('other (pid 9) holds 3478/udp');
  });
});
