import { describe, expect, test } from 'vitest';
import { unknownFacts } from '../../src/facts/unknown-facts.ts';
import { known } from '../../src/model/fact.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Failure } from '../../src/model/outcome.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';

const failures: readonly Failure[] = [
  { outcome: 'no-response', requestsSent: 5, waitedMs: 5000 },
  { outcome: 'refused', error: 'ECONNREFUSED' },
  { outcome: 'unreachable', error: 'EHOSTUNREACH' },
  { outcome: 'invalid-response', problem: 'HTTP' },
  { outcome: 'skipped', reason: 'interrupted' },
];

const base = {
  uri: 'turn:203.0.113.10:3478?transport=udp',
  transport: 'udp',
  server: { ip: '203.0.113.10', port: 3478 },
  stagesMs: {},
} as const;

/** Every probe was tried from elsewhere, and each ended like this. */
function wireFacts(failure: Failure): Facts {
  const observations: readonly Observation[] = [
    { ...base, probe: 'dns', outcome: 'resolved', ips: ['203.0.113.10'] },
    { ...base, probe: 'stun-binding', ...failure },
    { ...base, probe: 'turn-allocate', requestedTransport: 'udp', requestsSent: 5, ...failure },
    { ...base, probe: 'turn-allocate', requestedTransport: 'tcp', requestsSent: 1, ...failure },
    { ...base, probe: 'tls-handshake', ...failure },
    { ...base, probe: 'turn-data-path', ...failure },
    { ...base, probe: 'turn-peer-policy', ...failure },
    { ...base, probe: 'server-identity', ...failure },
  ];
  return {
    ...unknownFacts('2026-01-31T12:00:00.000Z', 'not looked at'),
    version: known({ version: '4.6.1', origin: 'asked' }),
    wire: known({ vantage: 'elsewhere', server: 'coturn', observations }),
  };
}

describe('nothing passes that nobody saw', () => {
  for (const failure of failures) {
    test(`every conversation ended with ${failure.outcome}`, () => {
      const facts = wireFacts(failure);
      const passed = runRules(rules, facts, Date.parse(facts.observedAt)).filter(
        ({ outcome }) => outcome === 'passed',
      );
      // A refusal, or an answer of any other program, shows that packets get to the port.
      const reached = ['refused', 'invalid-response'].includes(failure.outcome);
      const seen = ['dns/name-unresolved', ...(reached ? ['firewall/listening-port-closed'] : [])];
      expect(passed.map(({ id }) => id)).toEqual(seen);
    });
  }
});
