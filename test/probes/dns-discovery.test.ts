import { afterEach, describe, expect, test } from 'vitest';
import { observed } from '../../src/model/observation.ts';
import { nodeNet, systemClock } from '../../src/net/node.ts';
import { runProbes } from '../../src/probes/run.ts';
import { parseServerUri } from '../../src/turn/uri.ts';
import { startDnsServer, type Zone } from '../support/dns-server.ts';
import { startTurnServer } from '../support/turn-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map(close => close()));
});

async function discoverWith(zone: Zone, timeoutMs = 3000) {
  const dns = await startDnsServer(zone);
  closers.push(dns.stop);
  const parsed = parseServerUri('turn:domain.invalid');
  const observations = await runProbes(nodeNet(systemClock, [dns.address]), systemClock, {
    uris: 'uris' in parsed ? parsed.uris : [],
    domain: 'domain.invalid',
    steps: new Set(['dns-discovery', 'stun-binding']),
    timeoutMs,
    signal: new AbortController().signal,
  });
  const [discovery] = observed(observations, 'dns-discovery');
  if (discovery?.outcome !== 'complete') throw new Error('no discovery');
  return { discovery, observations, asked: dns.asked };
}

describe('SRV and NAPTR', () => {
  test('a domain without any: all are asked for, and it is no failure', async () => {
    const { discovery, asked } = await discoverWith({});
    expect(discovery).toMatchObject({ asked: 7, records: [] });
    expect([...asked].sort()).toEqual([
      '_stun._tcp.domain.invalid',
      '_stun._udp.domain.invalid',
      '_stuns._tcp.domain.invalid',
      '_turn._tcp.domain.invalid',
      '_turn._udp.domain.invalid',
      '_turns._tcp.domain.invalid',
      'domain.invalid',
    ]);
  });

  test('targets are probed, best first, each at its port', async () => {
    const server = await startTurnServer();
    closers.push(server.stop);
    const { discovery, observations } = await discoverWith({
      srv: {
        '_turn._udp.domain.invalid': [
          { priority: 20, port: 9, host: 'gone.invalid' },
          { priority: 10, port: server.udp.port, host: 'localhost' },
        ],
      },
    });
    expect(discovery.records).toMatchObject([
      {
        type: 'SRV',
        name: '_turn._udp.domain.invalid',
        targets: [{ host: 'localhost' }, { host: 'gone.invalid' }],
      },
    ]);
    const uri = `turn:localhost:${server.udp.port}?transport=udp`;
    const bindings = observed(observations, 'stun-binding').filter(o => o.uri === uri);
    expect(bindings.find(({ server: at }) => at?.ip === '127.0.0.1')).toMatchObject({ outcome: 'answered' });
    const gone = observed(observations, 'dns').find(o => o.uri.includes('gone.invalid'));
    expect(gone).toMatchObject({ outcome: 'unresolved' });
  });

  test('S-NAPTR RELAY leads to SRV records, to addresses, and through another NAPTR', async () => {
    const { discovery } = await discoverWith({
      naptr: {
        'domain.invalid': [
          { order: 2, flags: 'a', service: 'RELAY:turn.tls', replacement: 'a.invalid' },
          { order: 1, flags: 's', service: 'RELAY:turn.udp', replacement: '_turn._udp.other.invalid' },
          { order: 3, flags: '', service: 'RELAY:turn.tcp', replacement: 'next.invalid' },
          { order: 4, flags: 's', service: 'SIP+D2U', replacement: '_sip._udp.domain.invalid' },
        ],
        'next.invalid': [{ flags: 'a', service: 'RELAY:turn.tcp', replacement: 'b.invalid' }],
      },
      srv: { '_turn._udp.other.invalid': [{ port: 5000, host: 's.invalid' }] },
    });
    const uris = discovery.records.flatMap(({ targets }) => targets.map(({ uri }) => uri));
    expect(uris).toEqual([
      'turn:s.invalid:5000?transport=udp',
      'turns:a.invalid:5349?transport=tcp',
      'turn:b.invalid:3478?transport=tcp',
    ]);
  });

  test('NAPTR records in a circle end', async () => {
    const { discovery } = await discoverWith({
      naptr: { 'domain.invalid': [{ flags: '', service: 'RELAY:turn.udp', replacement: 'domain.invalid' }] },
    });
    expect(discovery.records).toMatchObject([{ error: 'NAPTR records lead on and on', targets: [] }]);
  });

  test('a resolver that fails, or says nothing, is named', async () => {
    const { discovery } = await discoverWith({
      fails: { '_turn._udp.domain.invalid': 'SERVFAIL', '_stun._udp.domain.invalid': 'silence' },
    });
    const errors = discovery.records.map(({ name, error }) => [name, error]);
    expect(errors).toEqual([
      ['_turn._udp.domain.invalid', 'ESERVFAIL'],
      ['_stun._udp.domain.invalid', 'ETIMEOUT'],
    ]);
  });
});
