import { describe, expect, test } from 'vitest';
import type { Leg } from '../../src/model/observations/turn-data-path.ts';
import type { TrialObservation } from '../../src/model/observations/turn-trial.ts';
import { trialVerdict } from '../../src/rules/trial-verdict.ts';
import { wentWell } from '../../src/rules/went-well.ts';
import { errorResponse, trial } from '../support/observations.ts';

const passed: Leg = { outcome: 'passed', ms: 1 };
const lost: Leg = { outcome: 'lost', waitedMs: 1200, sent: 4 };
const refused = (code: number): Leg => ({ outcome: 'refused', code, reason: '' });
const a = { ip: '203.0.113.10', port: 50_000 };
const b = { ip: '203.0.113.10', port: 50_001 };
const v6 = { ip: '2001:db8::10', port: 50_000 };
const allocated = { relayedAddresses: [a], lifetimeSeconds: 600 };
const rttMs = { min: 1, median: 2, p95: 3, p99: 4, max: 5 };
const series = {
  intervalMs: 20,
  sizeBytes: 172,
  sent: 200,
  reachedPeer: 200,
  received: 200,
  duplicates: 0,
  reordered: 0,
  rttMs,
  jitterMs: 0.5,
};
const challenge = { realm: 'turn.test', nonceLength: 16, features: [], sharedNonce: false };
const stream = { open: passed, bind: passed, outbound: passed, inbound: passed };
const reflected = {
  peer: { ip: '203.0.113.10', port: 3478 },
  relayedAddress: a,
  permission: passed,
  reply: passed,
};
const variants = (...answered: string[]) => ({
  variants: ['Binding', 'Allocate', 'Allocate, large', 'Refresh'].map(variant => ({
    variant,
    sizeBytes: 28,
    answered: answered.includes(variant),
  })),
});
const life = (...arrived: ('channel' | 'indication' | 'nothing')[]) =>
  arrived.map((each, index) => ({ atSeconds: 290 + 20 * index, arrived: each }));
const soak = {
  seconds: 1200,
  sent: 1200,
  received: 1200,
  longestGapMs: 1001,
  staleNonces: [600],
  failed: [],
};
const step = (packetsPerSecond: number, received = packetsPerSecond / 2) => ({
  packetsPerSecond,
  sent: packetsPerSecond / 2,
  received,
});

const cases: [mark: 'good' | 'note' | 'bad', TrialObservation, words: RegExp][] = [
  ['good', trial('challenge', challenge), /realm turn\.test, nonce of 16/],
  [
    'good',
    trial('challenge', { ...challenge, features: ['password-algorithms'] }),
    /announces password-algorithms/,
  ],
  ['bad', trial('challenge', { ...challenge, realm: '' }), /no realm/],
  ['bad', trial('challenge', { ...challenge, nonceLength: null }), /no NONCE/],
  ['note', trial('challenge', { ...challenge, sharedNonce: true }), /same nonce/],
  ['bad', trial('silent-allocate', variants()), /the listener or the way to it/],
  ['bad', trial('silent-allocate', variants('Binding')), /stun-only/],
  ['bad', trial('silent-allocate', variants('Binding', 'Refresh')), /Allocate alone is lost/],
  ['bad', trial('silent-allocate', variants('Binding', 'Allocate')), /requests of one shape/],
  ['note', trial('ipv6-relay', { refused: 440 }), /440: no IPv6 relay/],
  ['good', trial('ipv6-relay', { ...allocated, relayedAddresses: [v6] }), /\[2001:db8::10\]:50000/],
  ['note', trial('both-families', { ...allocated, addressErrors: [] }), /nothing says so/],
  [
    'note',
    trial('both-families', {
      ...allocated,
      relayedAddresses: [a, { ip: '0.0.0.0', port: 0 }],
      addressErrors: [440],
    }),
    /440 for the other/,
  ],
  ['good', trial('both-families', { ...allocated, relayedAddresses: [a, v6], addressErrors: [] }), /both/],
  ['note', trial('both-families', { refused: null }), /silence/],
  ['good', trial('lifetimes', { lifetimes: [{ askedSeconds: 600, grantedSeconds: 600 }] }), /600→600/],
  ['note', trial('lifetimes', { lifetimes: [{ askedSeconds: 600, grantedSeconds: 120 }] }), /within 120 s/],
  ['bad', trial('lifetimes', { lifetimes: [{ askedSeconds: 600, grantedSeconds: null }] }), /600→none/],
  [
    'good',
    trial('deletion', { first: 'granted', second: 'granted', goneAfterMs: 1010 }),
    /gone after 1\.0 s.*proves nothing/,
  ],
  ['bad', trial('deletion', { first: 'granted', second: 'granted', goneAfterMs: null }), /answers on/],
  ['bad', trial('deletion', { first: 500, second: 500, goneAfterMs: null }), /cannot be given back/],
  [
    'good',
    trial('retransmission', { relayedAddress: a, again: 'granted', relayedAddressAgain: a }),
    /the same answer/,
  ],
  ['good', trial('retransmission', { relayedAddress: a, again: 437 }), /437/],
  ['note', trial('retransmission', { relayedAddress: a, again: null }), /silence/],
  [
    'bad',
    trial('retransmission', { relayedAddress: a, again: 'granted', relayedAddressAgain: b }),
    /leaks a relay port/,
  ],
  ['good', trial('even-port', { port: 50_000, reserved: { port: 50_001 } }), /a pair/],
  ['note', trial('even-port', { port: 50_000, reserved: { port: 50_007 } }), /not a pair/],
  ['note', trial('even-port', { port: 50_000, reserved: { refused: 508 } }), /token 508/],
  ['note', trial('even-port', { port: 50_000 }), /no token/],
  ['note', trial('even-port', { refused: 400 }), /400/],
  ['bad', trial('even-port', { port: 50_001 }), /odd/],
  ['note', trial('dont-fragment', { refused: 420 }), /420/],
  ['good', trial('dont-fragment', allocated), /200/],
  ['good', trial('stale-nonce', { reply: 438, renewed: true, accepted: true }), /438, then in/],
  ['bad', trial('stale-nonce', { reply: 438, renewed: true, accepted: false }), /for ever/],
  ['bad', trial('stale-nonce', { reply: 438, renewed: false, accepted: false }), /no new nonce/],
  ['note', trial('stale-nonce', { reply: 437, renewed: false, accepted: false }), /another client/],
  ['good', trial('transports', { protocols: [{ protocol: 6, reply: 442 }] }), /6: 442/],
  [
    'good',
    trial('transports', { protocols: [{ protocol: 6, reply: 'granted' }] }, { transport: 'tcp' }),
    /RFC 6062/,
  ],
  ['note', trial('transports', { protocols: [{ protocol: 6, reply: 'granted' }] }), /over UDP/],
  ['note', trial('transports', { protocols: [{ protocol: 132, reply: 'granted' }] }), /more than UDP/],
  ['note', trial('transports', { protocols: [{ protocol: 132, reply: null }] }), /silence/],
  ['note', trial('mobility', { refused: 405 }), /405: off/],
  ['good', trial('mobility', { ticket: true, moved: 'granted' }), /moved/],
  ['note', trial('mobility', { ticket: true, moved: 437 }), /move 437/],
  ['note', trial('mobility', { ticket: false }), /no ticket/],
  ['good', trial('quota', { granted: 4, limit: 50, stoppedBy: 486 }), /4 allocations, then 486/],
  ['note', trial('quota', { granted: 50, limit: 50, stoppedBy: 'granted' }), /may hold 50 and more/],
  ['note', trial('quota', { granted: 9, limit: 50, stoppedBy: 508 }), /used up/],
  ['note', trial('quota', { granted: 9, limit: 50, stoppedBy: null }), /silence/],
  ['good', trial('reflection', { ...reflected, mappedAddress: a }), /what peers see/],
  ['note', trial('reflection', { ...reflected, mappedAddress: b }), /changes port 50000/],
  [
    'bad',
    trial('reflection', { ...reflected, mappedAddress: { ip: '198.51.100.1', port: 1 } }),
    /external-ip is wrong/,
  ],
  ['note', trial('reflection', { ...reflected, permission: refused(403), reply: lost }), /denied-peer-ip/],
  ['note', trial('reflection', { ...reflected, reply: lost }), /no answer/],
  [
    'good',
    trial('relay-to-relay', { relayedAddresses: [a, b], permission: passed, there: passed, back: passed }),
    /can talk/,
  ],
  [
    'bad',
    trial('relay-to-relay', { relayedAddresses: [a, b], permission: passed, there: passed, back: lost }),
    /there passed, back lost/,
  ],
  [
    'bad',
    trial('relay-to-relay', { relayedAddresses: [a, b], permission: refused(403), there: lost, back: lost }),
    /permission 403/,
  ],
  [
    'good',
    trial('sizes', { sizes: [{ sizeBytes: 1472, outbound: passed, inbound: passed }] }),
    /1472 bytes pass/,
  ],
  [
    'bad',
    trial('sizes', { sizes: [{ sizeBytes: 1200, outbound: lost, inbound: passed }] }),
    /1200 bytes to the peer lost/,
  ],
  [
    'note',
    trial('sizes', { sizes: [{ sizeBytes: 1300, outbound: passed, inbound: lost }] }),
    /1300 bytes from the peer/,
  ],
  ['good', trial('relay-series', series), /200 of 200 back, 0\.0 % lost.*median 2\.0/],
  ['good', trial('relay-series', { ...series, received: 198 }), /1\.0 % lost \(0 to the peer, 2 back\)/],
  [
    'bad',
    trial('relay-series', { ...series, reachedPeer: 197, received: 197, reordered: 1 }),
    /1\.5 % lost.*1 reordered/,
  ],
  [
    'good',
    trial('throughput', { sizeBytes: 1000, steps: [step(250), step(500, 200)], stoppedBy: 'loss' }),
    /250 packets\/s, 2 Mbit\/s/,
  ],
  ['bad', trial('throughput', { sizeBytes: 1000, steps: [step(250, 1)], stoppedBy: 'loss' }), /first step/],
  [
    'good',
    trial('channel-range', {
      channels: [
        { channel: 0x4fff, reply: 'granted' },
        { channel: 0x5000, reply: 400 },
      ],
    }),
    /RFC 8656 alone/,
  ],
  ['note', trial('channel-range', { channels: [{ channel: 0x5000, reply: 'granted' }] }), /before 4\.16/],
  ['bad', trial('channel-range', { channels: [{ channel: 0x4fff, reply: 400 }] }), /0x4fff 400/],
  ['good', trial('family-mismatch', { reply: 443 }), /443/],
  ['note', trial('family-mismatch', { reply: 'granted' }), /443 was to be expected/],
  ['good', trial('icmp', { received: { type: 3, code: 3 } }), /type 3 code 3/],
  ['note', trial('icmp', { received: null }), /not passed on/],
  ['good', trial('tcp-connect', stream), /both ways/],
  ['bad', trial('tcp-connect', { ...stream, open: refused(447) }), /Connect 447/],
  ['note', trial('tcp-connect', { ...stream, open: refused(403) }), /403/],
  ['bad', trial('tcp-connect', { ...stream, bind: lost }), /ConnectionBind lost/],
  ['bad', trial('tcp-passive', { ...stream, inbound: lost }), /from lost/],
  ['note', trial('tcp-passive', { refused: 442 }), /442/],
  [
    'good',
    trial('permission-life', { lifeSeconds: 300, checks: life('indication', 'nothing') }),
    /290 s: indication, 310 s: nothing/,
  ],
  ['bad', trial('permission-life', { lifeSeconds: 300, checks: life('nothing', 'nothing') }), /audio stops/],
  [
    'bad',
    trial('permission-life', { lifeSeconds: 300, checks: life('indication', 'indication') }),
    /outlives/,
  ],
  [
    'good',
    trial('channel-life', { lifeSeconds: 600, checks: life('channel', 'indication'), rebound: 400 }),
    /rebind 400/,
  ],
  [
    'bad',
    trial('channel-life', { lifeSeconds: 600, checks: life('indication', 'indication'), rebound: 400 }),
    /ends before/,
  ],
  [
    'bad',
    trial('channel-life', { lifeSeconds: 600, checks: life('channel', 'indication'), rebound: 'granted' }),
    /another peer/,
  ],
  [
    'note',
    trial('channel-life', { lifeSeconds: 600, checks: life('channel', 'channel'), rebound: 400 }),
    /outlives/,
  ],
  ['good', trial('soak', soak), /1200 s, 0\.0 % lost, gap 1\.0 s, 1 stale nonce/],
  ['bad', trial('soak', { ...soak, received: 1100 }), /packets are lost/],
  [
    'bad',
    trial('soak', { ...soak, failed: [{ request: 'Refresh', atSeconds: 540, reply: 437 }] }),
    /Refresh 437 after 540 s/,
  ],
];

describe('trialVerdict', () => {
  for (const [mark, observation, words] of cases) {
    test(`${observation.trial} is ${mark}: ${words.source}`, () => {
      const verdict = trialVerdict(observation);
      expect(verdict?.mark).toBe(mark);
      expect(`${verdict?.result}: ${verdict?.meaning}`).toMatch(words);
      expect(wentWell(observation)).toBe(mark !== 'bad');
    });
  }

  test('one that was not made has none; one that failed on the way is bad', () => {
    const made = trial('icmp', { received: null });
    expect(trialVerdict({ ...made, outcome: 'skipped', reason: 'x' } as TrialObservation)).toBeNull();
    expect(trialVerdict({ ...made, ...errorResponse(500) } as TrialObservation)?.mark).toBe('bad');
  });
});
