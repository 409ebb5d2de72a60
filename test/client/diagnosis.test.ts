import { describe, expect, test } from 'vitest';
import { candidatesIn, readCandidate } from '../../src/client/candidates.ts';
import { causeOf } from '../../src/client/diagnosis.ts';
import { type ClientEvent, describeEvent, type Happening } from '../../src/client/events.ts';

const at = (atMs: number, happening: Happening): ClientEvent => ({ ...happening, atMs });
const relay = (side: 'local' | 'remote') =>
  at(64, { kind: 'candidate', side, type: 'relay', protocol: 'udp', relayProtocol: 'udp' });
const peer = at(1, { kind: 'peer', servers: 1 });
const received = at(50, { kind: 'received', type: 'answer', relayCandidates: 0 });
const refused = at(30, { kind: 'candidate-error', url: 'turn:a', code: 401, message: 'Unauthorized' });

const cases: [cause: string, events: ClientEvent[]][] = [
  ['no-credentials', [at(9, { kind: 'credentials-failed', message: 'HTTP 500' })]],
  ['no-answer', [peer, relay('local')]],
  ['no-local-relay', [peer, received, refused]],
  ['no-remote-relay', [peer, received, relay('local')]],
  ['no-path', [peer, received, relay('local'), relay('remote')]],
  ['lost', [peer, received, at(300, { kind: 'connected', via: 'relay/udp' })]],
];
describe('why a call is given up', () => {
  for (const [cause, events] of cases) test(cause, () => expect(causeOf(events).cause).toBe(cause));

  test('with what the browser said of the server', () => {
    expect(causeOf([peer, received, refused]).message).toBe(
      'no relay candidate on this side (turn:a: 401 Unauthorized)',
    );
  });
});

test('events as lines', () => {
  const lines = [
    at(64, { kind: 'warm-up', relay: true, tookMs: 64 }),
    relay('local'),
    relay('remote'),
    at(355.4, { kind: 'connected', via: 'relay/udp' }),
  ].map(describeEvent);
  expect(lines).toEqual([
    '[WebRTC] warm-up: relay candidate after 64 ms',
    '[WebRTC] relay candidate after 64 ms (udp)',
    '[WebRTC] relay candidate of the other side after 64 ms (udp)',
    '[WebRTC] connected after 355 ms via relay/udp',
  ]);
});

describe('candidates', () => {
  const line = 'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ relay raddr 0.0.0.0 rport 0';
  test('are read alone and in a description', () => {
    const read = { type: 'relay', protocol: 'udp' };
    expect(readCandidate(line)).toEqual(read);
    expect(candidatesIn(`v=0\r\na=${line}\r\na=end-of-candidates\r\n`)).toEqual([read]);
  });
  test.each(['', 'candidate:', 'end-of-candidates', 'candidate:1 1 udp'])('%j is none', text => {
    expect(readCandidate(text)).toBeUndefined();
  });
});
