import { describe, expect, test } from 'vitest';
import { setGuessedTlsApart } from '../../src/facts/wire.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { WireFact } from '../../src/model/facts.ts';
import type { Observation } from '../../src/model/observation.ts';
import { formatUri, type ServerUri } from '../../src/model/target.ts';

const guess: ServerUri = { scheme: 'turns', host: '203.0.113.10', port: 5349, transport: 'tls' };

const of = (transport: 'udp' | 'tcp' | 'tls', outcome: 'challenged' | 'refused' | 'no-response') =>
  ({
    probe: 'turn-allocate',
    uri: transport === 'tls' ? formatUri(guess) : `turn:203.0.113.10:3478?transport=${transport}`,
    transport,
    server: { ip: '203.0.113.10', port: transport === 'tls' ? 5349 : 3478 },
    stagesMs: {},
    requestedTransport: 'udp',
    requestsSent: 1,
    outcome,
  }) as Observation;

const wire = (...observations: Observation[]) =>
  known<WireFact>({ vantage: 'elsewhere', server: 'coturn', observations });

describe('a TLS listener that was only guessed', () => {
  test('and is not there is set apart', () => {
    const [udp, tls] = [of('udp', 'challenged'), of('tls', 'refused')];
    expect(setGuessedTlsApart(wire(udp, tls), [guess])).toEqual(
      known({ vantage: 'elsewhere', server: 'coturn', observations: [udp], notOffered: [tls] }),
    );
  });

  test('and is handed out by the credential endpoint is no guess', () => {
    const offered = { scheme: 'turns', host: '203.0.113.10', port: 5349, transport: 'tls' } as const;
    const seen = wire(of('udp', 'challenged'), { ...of('tls', 'refused'), uri: formatUri(offered) });
    expect(setGuessedTlsApart(seen, [offered], [offered])).toBe(seen);
  });

  const kept = [
    { name: 'answers', wire: wire(of('udp', 'challenged'), of('tls', 'challenged')) },
    { name: 'is silent like all the others', wire: wire(of('udp', 'no-response'), of('tls', 'no-response')) },
    { name: 'is all that answers', wire: wire(of('udp', 'no-response'), of('tls', 'challenged')) },
    { name: 'was not probed', wire: wire(of('udp', 'challenged')) },
    {
      name: 'was not guessed but given',
      wire: wire(of('udp', 'challenged'), { ...of('tls', 'refused'), uri: 'turns:turn.example.org:5349' }),
    },
    { name: 'has no wire', wire: unknown('interrupted') },
  ];
  for (const { name, wire: fact } of kept) {
    test(`and ${name} stays`, () => expect(setGuessedTlsApart(fact, [guess])).toBe(fact));
  }
});
