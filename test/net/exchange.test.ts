import { describe, expect, test } from 'vitest';
import type { Transport } from '../../src/model/transport.ts';
import { Exchange, type Result } from '../../src/net/exchange.ts';
import type { Channel, Receiver } from '../../src/net/net.ts';
import { Patience, silentAfterMs } from '../../src/probes/patience.ts';
import { decode, encode, type StunMessage } from '../../src/stun/message.ts';
import { FakeClock } from '../support/fake-clock.ts';

const binding = { method: 'binding', attributes: [] } as const;
const address = { ip: '127.0.0.1', port: 1 };

/** A channel whose other end is the test. */
function setUp(transport: Transport = 'udp', patienceMs = 5000) {
  const clock = new FakeClock();
  const sent: Uint8Array[] = [];
  let receiver: Receiver | undefined;
  const channel: Channel = {
    transport,
    localAddress: address,
    remoteAddress: address,
    send: bytes => void sent.push(bytes),
    receive: given => {
      receiver = given;
    },
    close: () => {},
  };
  const exchange = new Exchange(channel, clock, { patienceMs });
  const asked = (index = 0): StunMessage => {
    const decoded = decode(sent[index]!);
    if ('malformed' in decoded) throw new Error(decoded.malformed);
    return decoded.message;
  };
  const answer = (index = 0, change: Partial<StunMessage> = {}): Uint8Array =>
    encode({
      class: 'success',
      method: 'binding',
      transactionId: asked(index).transactionId,
      attributes: [{ name: 'XOR-MAPPED-ADDRESS', value: address }],
      ...change,
    });
  return { clock, sent, exchange, answer, receiver: receiver! };
}

const outcomeOf = ({ end }: Result) => ('outcome' in end ? end.outcome : end.kind);

describe('over UDP', () => {
  test('sends at 0, 250, 750, 1750 ms and on, then silence; no timer is left', async () => {
    const { clock, sent, exchange } = setUp();
    const times: number[] = [];
    exchange.onSend = () => times.push(clock.monotonic());
    const { result } = exchange.request(binding);
    await clock.advance(5000);
    expect(times.slice(0, 6)).toEqual([0, 250, 750, 1750, 2000, 2250]);
    expect(await result).toMatchObject({
      requestsSent: 16,
      end: { outcome: 'no-response', requestsSent: 16, waitedMs: 5000 },
    });
    expect(new Set(sent.map(bytes => Buffer.from(bytes).toString('hex'))).size).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test('an answer to the second send says so', async () => {
    const { clock, exchange, answer, receiver } = setUp();
    const { result } = exchange.request(binding);
    await clock.advance(300);
    receiver.bytes(answer());
    expect(await result).toMatchObject({ requestsSent: 2, end: { kind: 'succeeded', elapsedMs: 300 } });
    expect(clock.pending).toBe(0);
  });

  test('garbage before the answer is no harm, garbage alone is an invalid response', async () => {
    const good = setUp();
    const first = good.exchange.request(binding);
    good.receiver.bytes(Uint8Array.of(1, 2, 3));
    good.receiver.bytes(good.answer());
    expect(outcomeOf(await first.result)).toBe('succeeded');
    const bad = setUp();
    const second = bad.exchange.request(binding);
    bad.receiver.bytes(Uint8Array.of(1, 2, 3));
    await bad.clock.advance(5000);
    expect((await second.result).end).toMatchObject({
      outcome: 'invalid-response',
      problem: expect.stringContaining('3 bytes'),
    });
  });

  test('a foreign transaction id is an invalid response, the same answer twice is not', async () => {
    const { clock, exchange, answer, receiver } = setUp();
    const first = exchange.request(binding);
    receiver.bytes(answer());
    receiver.bytes(answer());
    await first.result;
    const second = exchange.request(binding);
    await clock.advance(5000);
    expect(outcomeOf(await second.result)).toBe('no-response');
    const third = exchange.request(binding);
    receiver.bytes(answer(0, { transactionId: new Uint8Array(12) }));
    await clock.advance(5000);
    expect((await third.result).end).toMatchObject({ problem: expect.stringContaining('transaction id') });
  });

  test('a refusal ends the request and not the channel', async () => {
    const { sent, exchange, answer, receiver } = setUp();
    const first = exchange.request(binding);
    receiver.failed({ outcome: 'refused', error: 'ECONNREFUSED' });
    expect(await first.result).toMatchObject({ requestsSent: 1, end: { outcome: 'refused' } });
    const second = exchange.request(binding);
    receiver.bytes(answer(sent.length - 1));
    expect(outcomeOf(await second.result)).toBe('succeeded');
  });

  test('an error response without a code is no answer', async () => {
    const { clock, exchange, answer, receiver } = setUp();
    const { result } = exchange.request(binding);
    receiver.bytes(answer(0, { class: 'error', attributes: [] }));
    await clock.advance(5000);
    expect((await result).end).toMatchObject({
      outcome: 'invalid-response',
      problem: expect.stringContaining('ERROR-CODE'),
    });
  });

  test('giving up early, and abandoning', async () => {
    const { clock, exchange } = setUp();
    const early = exchange.request(binding);
    early.giveUpIn(100);
    const abandoned = exchange.request(binding);
    await clock.advance(100);
    expect((await early.result).end).toMatchObject({ outcome: 'no-response', waitedMs: 100 });
    exchange.abandon({ outcome: 'skipped', reason: 'interrupted' });
    expect((await abandoned.result).end).toEqual({ outcome: 'skipped', reason: 'interrupted' });
    expect(clock.pending).toBe(0);
  });
});

describe('over TCP', () => {
  test('is sent once, and the answer may come in pieces', async () => {
    const { clock, sent, exchange, answer, receiver } = setUp('tcp');
    const { result } = exchange.request(binding);
    await clock.advance(4000);
    expect(sent).toHaveLength(1);
    const bytes = answer();
    receiver.bytes(bytes.subarray(0, 7));
    receiver.bytes(bytes.subarray(7));
    expect(outcomeOf(await result)).toBe('succeeded');
  });

  test('what is not STUN ends the stream at once', async () => {
    const { exchange, receiver } = setUp('tcp');
    const { result } = exchange.request(binding);
    receiver.bytes(new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n'));
    expect((await result).end).toMatchObject({
      outcome: 'invalid-response',
      problem: expect.stringContaining('HTTP'),
    });
    expect(outcomeOf(await exchange.request(binding).result)).toBe('invalid-response');
  });
});

describe('of several requests to one listener, few get an ICMP error', () => {
  const refused = { outcome: 'refused', error: 'ECONNREFUSED' } as const;
  const silent = { outcome: 'no-response', requestsSent: 7, waitedMs: 3000 } as const;

  test('one that was refused explains the silence of the others, of that listener alone', () => {
    const patience = new Patience(new FakeClock());
    expect(patience.judge('listener', silent)).toEqual(silent);
    expect(patience.judge('listener', refused)).toEqual(refused);
    expect(patience.judge('listener', silent)).toEqual(refused);
    expect(patience.judge('another', silent)).toEqual(silent);
  });

  test('not where anything was answered: then it is there, and a silence is a silence', () => {
    const patience = new Patience(new FakeClock());
    patience.judge('listener', refused);
    patience.answered('listener', 1, 1);
    expect(patience.judge('listener', silent)).toEqual(silent);
  });
});

describe('patience', () => {
  test('is four sends and ten round trips at least', () => {
    expect(silentAfterMs(1)).toBe(1850);
    expect(silentAfterMs(60)).toBe(1930);
    expect(silentAfterMs(400)).toBe(4000);
  });

  test('ends with the first answer of the same listener, however late that comes', async () => {
    const { clock, exchange } = setUp();
    const patience = new Patience(clock);
    const pending = exchange.request(binding);
    patience.limit('listener', pending);
    patience.answered('another', 1);
    await clock.advance(1900);
    for (let i = 0; i < 4; i++) patience.answered('listener', 1, 1);
    await clock.advance(0);
    expect((await pending.result).end).toMatchObject({
      outcome: 'no-response',
      requestsSent: 4,
      waitedMs: 1900,
    });
  });

  test('does not end where others had to be sent again, nor with few answers', async () => {
    const { clock, exchange } = setUp();
    const patience = new Patience(clock);
    const pending = exchange.request(binding);
    patience.limit('listener', pending);
    for (let i = 0; i < 3; i++) patience.answered('listener', 1, 1);
    await clock.advance(1900);
    patience.answered('listener', 300, 2);
    await clock.advance(3100);
    expect((await pending.result).end).toMatchObject({ outcome: 'no-response', waitedMs: 5000 });
    expect(clock.pending).toBe(0);
  });

  test('does not end once the server has challenged', async () => {
    const { clock, exchange, answer, receiver } = setUp();
    const patience = new Patience(clock);
    const slow = exchange.request(binding);
    patience.limit('listener', { result: slow.result, challenged: true, giveUpIn: ms => slow.giveUpIn(ms) });
    patience.answered('listener', 1);
    await clock.advance(4000);
    receiver.bytes(answer());
    expect(outcomeOf(await slow.result)).toBe('succeeded');
  });
});
