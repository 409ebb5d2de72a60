import { describe, expect, test } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { predictGathering } from '../../src/rules/gathering-time.ts';
import {
  allocated,
  allocateFailed,
  binding,
  bindingFailed,
  refused,
  silence,
} from '../support/observations.ts';

const udp = 'turn:203.0.113.10:3478?transport=udp';
const tcp = 'turn:203.0.113.10:3478?transport=tcp';
const tls = 'turns:203.0.113.10:5349?transport=tcp';
const overTcp = { transport: 'tcp' } as const;
const overTls = { transport: 'tls' } as const;

// What Chromium 156 took for each of them.
const cases: [what: string, uris: string[], observations: Observation[], ms: number, by: string][] = [
  ['a healthy server: as long as it takes to answer', [udp], [binding(), allocated()], 3.3, udp],
  ['no-stun', [udp], [bindingFailed(silence), allocated()], 39_750, udp],
  [
    'UDP that is refused, which shortens nothing',
    [udp],
    [bindingFailed(refused), allocateFailed(refused)],
    39_750,
    udp,
  ],
  ['TCP that is refused ends at once', [tcp], [allocateFailed(refused, overTcp)], 3.3, tcp],
  ['a TLS port that says nothing', [tls], [allocateFailed(silence, overTls)], 30_000, tls],
  [
    'the slowest decides',
    [tcp, udp],
    [binding(overTcp), allocated({}, overTcp), bindingFailed(silence), allocated()],
    39_750,
    udp,
  ],
  [
    'one listener listed twice',
    [udp, 'turn:203.0.113.10'],
    [binding(), allocated()],
    39_750,
    'turn:203.0.113.10',
  ],
];
describe('the time gathering takes, by the wire alone', () => {
  for (const [what, uris, observations, ms, by] of cases) {
    test(what, () => {
      const prediction = predictGathering(uris, observations);
      expect(prediction?.by).toBe(by);
      expect(prediction?.gatheringMs).toBeCloseTo(ms, 1);
    });
  }

  test('of what was not probed nothing is said', () => {
    expect(predictGathering(['turn:other.example.org', 'no URI'], [binding()])).toBeNull();
  });
});
