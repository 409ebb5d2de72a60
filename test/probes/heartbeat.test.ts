import { describe, expect, onTestFinished, test } from 'vitest';
import { nodeNet, systemClock } from '../../src/net/node.ts';
import { type Beat, gapOf, startHeartbeat } from '../../src/probes/heartbeat.ts';
import { startTurnServer } from '../support/turn-server.ts';

const beats = (answers: string): Beat[] =>
  [...answers].map((answer, index) => ({
    sentAtMs: index * 20,
    answeredAtMs: answer === '+' ? index * 20 + 1 : null,
  }));

describe('the gap', () => {
  const cases = [
    { answers: '', gapMs: null, unanswered: 0, sent: 0 },
    { answers: '....', gapMs: null, unanswered: 0, sent: 0 },
    { answers: '++++', gapMs: 0, unanswered: 0, sent: 4 },
    { answers: '++..++', gapMs: 60, unanswered: 2, sent: 6 },
    { answers: '+.+...+.+', gapMs: 80, unanswered: 5, sent: 9 },
    // What was sent last may still be answered.
    { answers: '+.+..', gapMs: 40, unanswered: 1, sent: 3 },
    // Nothing answered before: the first answer ends no gap.
    { answers: '...++', gapMs: 0, unanswered: 3, sent: 5 },
  ];
  for (const { answers, ...expected } of cases) {
    test(`of ${answers || 'nothing'}`, () => {
      expect(gapOf(beats(answers), { request: 'Binding', everyMs: 20 })).toMatchObject(expected);
    });
  }
});

describe('on the wire', () => {
  for (const request of ['Binding', 'Allocate'] as const) {
    test(`${request} is answered`, async () => {
      const server = await startTurnServer({ users: { alice: 'secret' } });
      onTestFinished(server.stop);
      const { ip, port } = server.udp;
      const heartbeat = startHeartbeat(nodeNet(), systemClock, {
        to: { uri: { scheme: 'turn', host: ip, port, transport: 'udp' }, server: { ip, port } },
        ...{ request, everyMs: 5 },
        signal: new AbortController().signal,
      });
      while (server.requests.length < 5) await new Promise(resolve => setTimeout(resolve, 5));
      const gap = await heartbeat.stop();
      expect(gap.request).toBe(request);
      expect(gap.sent).toBeGreaterThanOrEqual(5);
      expect(gap.gapMs).not.toBeNull();
    });
  }
});
