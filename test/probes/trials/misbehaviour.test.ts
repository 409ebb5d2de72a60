import { afterEach, describe, expect, test } from 'vitest';
import type { TrialName } from '../../../src/model/observations/turn-trial.ts';
import { closedAddress } from '../../support/coturn.ts';
import { probe } from '../../support/probing.ts';
import { tryWith } from '../../support/trials.ts';
import type { Faults } from '../../support/turn-faults.ts';
import { startTurnServer, type TurnServer } from '../../support/turn-server.ts';

let server: TurnServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function withFaults(faults: Faults = {}): Promise<TurnServer> {
  server = await startTurnServer({ users: { alice: 'wonderland' }, faults });
  return server;
}

const lost = { outcome: 'lost' };
const passed = { outcome: 'passed' };

/** One fault, the trial that meets it, what it finds, and whether that is bad. */
const cases: [what: string, faults: Faults, trial: TrialName, finds: object, isBad: boolean][] = [
  ['an ordinary server', {}, 'retransmission', { again: 437 }, false],
  [
    'a second port for a repeated Allocate',
    { leakPorts: true },
    'retransmission',
    { again: 'granted' },
    true,
  ],
  ['an ordinary nonce', {}, 'stale-nonce', { reply: 438, renewed: true, accepted: true }, false],
  ['the nonce of another client', { anyNonce: true }, 'stale-nonce', { reply: 437, accepted: false }, false],
  ['438 to a few', { staleNonces: 2 }, 'stale-nonce', { reply: 438, accepted: true }, false],
  [
    'no Refresh is granted',
    { refuse: { refresh: 437 } },
    'lifetimes',
    { lifetimes: expect.anything() },
    true,
  ],
  ['deleted at once', {}, 'deletion', { first: 'granted', second: 437 }, false],
  ['never deleted', { keepDeleted: true }, 'deletion', { second: 'granted', goneAfterMs: null }, true],
  ['no deletion', { refuse: { refresh: 500 } }, 'deletion', { first: 500 }, true],
  [
    'a wrong mapped address',
    { mappedAddress: { ip: '203.0.113.9', port: 9 } },
    'reflection',
    { mappedAddress: { ip: '203.0.113.9', port: 9 } },
    true,
  ],
  [
    'no STUN for the relay',
    { drop: { binding: Number.POSITIVE_INFINITY } },
    'reflection',
    { reply: lost },
    false,
  ],
  ['data lost to the peer', { dropData: 'out' }, 'relay-to-relay', { there: lost, back: lost }, true],
  [
    'an MTU below video',
    { mtuBytes: 1100 },
    'sizes',
    {
      sizes: expect.arrayContaining([
        { sizeBytes: 1200, outbound: expect.objectContaining(lost), inbound: expect.objectContaining(lost) },
      ]),
    },
    true,
  ],
  [
    'an MTU above video',
    { mtuBytes: 1250 },
    'sizes',
    {
      sizes: expect.arrayContaining([
        {
          sizeBytes: 1200,
          outbound: expect.objectContaining(passed),
          inbound: expect.objectContaining(passed),
        },
      ]),
    },
    false,
  ],
  [
    'a packet in five lost',
    { loseEvery: 5 },
    'relay-series',
    { sent: 25, reachedPeer: 20, received: 20 },
    true,
  ],
  ['no permission for a foreign family', {}, 'family-mismatch', { reply: 443 }, false],
  [
    'channels of RFC 8656 alone',
    {},
    'channel-range',
    { channels: expect.arrayContaining([{ channel: 0x5000, reply: 400 }]) },
    false,
  ],
  [
    'no channel at all',
    { refuse: { channelBind: 400 } },
    'channel-range',
    { channels: expect.anything() },
    true,
  ],
  ['no word of mobility', {}, 'mobility', { ticket: false }, false],
  [
    'an answer to nothing but UDP',
    {},
    'transports',
    { protocols: expect.arrayContaining([{ protocol: 6, reply: 442 }]) },
    false,
  ],
];

describe('a server of ours', () => {
  for (const [what, faults, trial, finds, isBad] of cases) {
    test(`${what}: ${trial}`, async () => {
      const { udp } = await withFaults(faults);
      const { found, bad } = await tryWith(udp, [trial]);
      expect(found[trial]).toMatchObject(finds);
      expect(bad).toEqual(isBad ? [trial] : []);
    });
  }

  test('a packet in five lost: the loss of the series is right to the packet', async () => {
    const { udp } = await withFaults({ loseEvery: 10 });
    const { found } = await tryWith(udp, ['relay-series'], {
      settings: { series: { count: 100, intervalMs: 5 } },
    });
    expect(found['relay-series']).toMatchObject({ sent: 100, reachedPeer: 90, received: 90 });
  });

  test('slow answers change nothing but the time', async () => {
    const { udp } = await withFaults({ delayMs: 60 });
    const { found, bad } = await tryWith(udp, ['retransmission', 'stale-nonce', 'sizes']);
    expect(bad).toEqual([]);
    expect(found['stale-nonce']).toMatchObject({ accepted: true });
  });
});

describe('what no trial can be made with', () => {
  const nothing = /no allocation/;
  test('HTTP on the port', async () => {
    const { udp } = await withFaults({ instead: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') });
    const { found, bad } = await tryWith(udp, ['sizes', 'mobility', 'silent-allocate'], { timeoutMs: 2500 });
    expect(found).toMatchObject({
      sizes: expect.stringMatching(nothing),
      mobility: expect.stringMatching(nothing),
    });
    expect(found['silent-allocate']).toMatchObject({
      variants: expect.not.arrayContaining([{ answered: true }]),
    });
    expect(bad).toEqual(['silent-allocate']);
  });

  test('answers from another port', async () => {
    const { udp } = await withFaults({ answerFromOtherPort: true });
    const { found } = await tryWith(udp, ['sizes'], { timeoutMs: 1000 });
    expect(found.sizes).toMatch(nothing);
  });

  test('Allocate alone is dropped: everything else is answered', async () => {
    const { udp } = await withFaults({ drop: { allocate: Number.POSITIVE_INFINITY } });
    const { found } = await tryWith(udp, ['silent-allocate'], { timeoutMs: 2500 });
    const silent = found['silent-allocate'];
    const answered =
      typeof silent === 'object' && silent.variants.filter(v => v.answered).map(v => v.variant);
    expect(answered).toEqual(['Binding', 'Binding, large', 'Refresh']);
  });

  test('438 for ever, and bad integrity', async () => {
    const { udp } = await withFaults({ staleNonces: Number.POSITIVE_INFINITY });
    const { found } = await tryWith(udp, ['sizes', 'challenge']);
    expect(found).toMatchObject({ sizes: 'no allocation: 438', challenge: { realm: 'example.org' } });
  });

  test('without credentials the challenge is tried alone', async () => {
    const { udp } = await withFaults();
    const { found } = await tryWith(udp, ['challenge', 'sizes'], { credential: undefined });
    expect(found).toMatchObject({
      challenge: { realm: 'example.org' },
      sizes: 'no credentials to allocate with',
    });
  });
});

describe('300 (Try Alternate)', () => {
  test('back to itself: a loop', async () => {
    const { udp, faults } = await withFaults();
    faults.alternateServer = udp;
    const { one } = await probe(udp, { steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'error-response', code: 300, redirectEnd: 'loop' });
  });

  test('on and on: three are followed', async () => {
    const chain = await Promise.all(
      Array.from({ length: 5 }, () => startTurnServer({ users: { alice: 'wonderland' } })),
    );
    try {
      for (const [index, link] of chain.entries()) {
        if (chain[index + 1]) link.faults.alternateServer = chain[index + 1]!.udp;
      }
      const { one } = await probe(chain[0]!.udp, { steps: ['turn-allocate'] });
      expect(one('turn-allocate')).toMatchObject({
        outcome: 'error-response',
        code: 300,
        alternate: chain[3]!.udp,
        redirectEnd: 'too-many',
      });
      expect(chain[4]!.requests).toEqual([]);
    } finally {
      await Promise.all(chain.map(({ stop }) => stop()));
    }
  });

  test('to a port where nobody is', async () => {
    const { udp, faults } = await withFaults();
    faults.alternateServer = closedAddress;
    const { one } = await probe(udp, { steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'refused', alternate: closedAddress });
  });
});
