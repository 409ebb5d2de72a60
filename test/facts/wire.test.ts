import { afterEach, describe, expect, test } from 'vitest';
import { credentialFact } from '../../src/facts/credential.ts';
import { gatherWire, type WireInput } from '../../src/facts/wire.ts';
import { nodeNet, systemClock } from '../../src/net/node.ts';
import { REACHABILITY } from '../../src/probes/plan.ts';
import { urisOf } from '../support/probing.ts';
import { startTurnServer, type TurnServer } from '../support/turn-server.ts';

const servers: TurnServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.stop()));
});

async function gather(
  software: string | undefined,
  change: Partial<WireInput> = {},
  signal = new AbortController().signal,
) {
  const server = await startTurnServer(software === undefined ? {} : { software });
  servers.push(server);
  const uris = urisOf(server.udp, ['udp']);
  const input: WireInput = { uris, steps: REACHABILITY, vantage: 'elsewhere', ...change };
  return gatherWire(nodeNet(), systemClock, input, signal);
}

describe('gatherWire', () => {
  const cases: [software: string | undefined, embedded: boolean, server: string][] = [
    [undefined, false, 'coturn'],
    ["Coturn-4.6.1 'Gorst'", false, 'coturn'],
    ['None', false, 'coturn'],
    ['eturnal', false, 'other'],
    [undefined, true, 'embedded'],
  ];
  for (const [software, embedded, server] of cases) {
    test(`${software ?? 'no SOFTWARE'}${embedded ? ', embedded' : ''} is ${server}`, async () => {
      expect(await gather(software, { embedded })).toMatchObject({
        known: true,
        value: { server, vantage: 'elsewhere', observations: [{ probe: 'dns' }, {}, {}] },
      });
    });
  }

  test('is unknown without a listener, and after an interruption', async () => {
    expect(await gather(undefined, { uris: [] })).toMatchObject({ reason: 'there is no listener to probe' });
    expect(await gather(undefined, {}, AbortSignal.abort())).toMatchObject({ reason: 'interrupted' });
  });
});

test('credentialFact keeps the user name and the form of the password', () => {
  const fact = credentialFact('user', { username: '1769864400:alice', password: 'a'.repeat(40) }, 0);
  expect(fact).toEqual({
    origin: 'user',
    username: '1769864400:alice',
    expiresAt: 1_769_864_400,
    passwordForm: 'hex-sha1',
  });
});
