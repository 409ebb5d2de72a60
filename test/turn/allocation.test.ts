import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Attribute, attribute } from '../../src/stun/attributes.ts';
import { longTermKey, verifyIntegrity } from '../../src/stun/integrity.ts';
import { decode, encode, type StunMessage } from '../../src/stun/message.ts';
import { scheduleWithin, sentOnce } from '../../src/stun/retransmission.ts';
import { Allocation, type AllocationOptions, type AllocationStep } from '../../src/turn/allocation.ts';
import { encodeChannelData } from '../../src/turn/channel-data.ts';
import { allocate, channelBind, connectionBind, refresh } from '../../src/turn/requests.ts';

const credential = { username: 'alice', password: 'wonderland' };
const realm = 'example.org';
const key = longTermKey({ ...credential, realm }, 'md5');
const peer = { ip: '192.0.2.7', port: 7 };

const allocation = (options: Partial<AllocationOptions> = {}) =>
  new Allocation({ over: 'datagram', schedule: scheduleWithin(5000), randomBytes, credential, ...options });

/** The one message a step sends. */
function sent({ send }: AllocationStep): StunMessage {
  expect(send).toHaveLength(1);
  const decoded = decode(send[0] as Uint8Array);
  if ('malformed' in decoded) throw new Error(decoded.malformed);
  return decoded.message;
}

const success = (request: StunMessage, ...attributes: Attribute[]) =>
  encode({ ...request, class: 'success', attributes }, { integrity: { key, algorithm: 'sha1' } });

const failure = (request: StunMessage, code: number, ...attributes: Attribute[]) =>
  encode({
    ...request,
    class: 'error',
    attributes: [{ name: 'ERROR-CODE', value: { code, reason: '' } }, ...attributes],
  });

const challenge = (request: StunMessage, code = 401, nonce = 'n1') =>
  failure(request, code, { name: 'REALM', value: realm }, { name: 'NONCE', value: nonce });

/** An allocation that has met its challenge, and the authenticated request it sent then. */
function challenged(options: Partial<AllocationOptions> = {}) {
  const client = allocation(options);
  const first = sent(client.request(allocate(), 0));
  const step = client.onBytes(challenge(first), 10);
  return { client, step, request: sent(step) };
}

describe('two requests make an allocation', () => {
  test('the first without, the second with credentials, under a new transaction id', () => {
    const client = allocation();
    const first = sent(client.request(allocate({ lifetimeSeconds: 600 }), 0));
    expect(first.attributes.map(({ name }) => name)).toEqual(['REQUESTED-TRANSPORT', 'LIFETIME']);
    const step = client.onBytes(challenge(first), 10);
    expect(step.events).toMatchObject([
      { kind: 'challenged', request: 1, error: { code: 401 }, requestsSent: 1, elapsedMs: 10 },
    ]);
    const second = sent(step);
    expect(second.transactionId).not.toEqual(first.transactionId);
    expect(attribute(second, 'USERNAME')).toBe('alice');
    expect(attribute(second, 'NONCE')).toBe('n1');
    expect(verifyIntegrity(step.send[0] as Uint8Array, key)).toBe('verified');
    const end = client.onBytes(success(second), 25);
    expect(end).toMatchObject({ send: [], wakeAtMs: undefined });
    expect(end.events).toMatchObject([
      {
        kind: 'succeeded',
        request: 1,
        method: 'allocate',
        integrity: 'verified',
        requestsSent: 2,
        met: [401],
        elapsedMs: 15,
      },
    ]);
  });

  test('later requests carry credentials at once', () => {
    const { client, request } = challenged();
    client.onBytes(success(request), 20);
    expect(attribute(sent(client.request(refresh(0), 30)), 'USERNAME')).toBe('alice');
  });

  test('an empty realm is a realm', () => {
    const client = allocation();
    const first = sent(client.request(allocate(), 0));
    const step = client.onBytes(
      failure(first, 401, { name: 'REALM', value: '' }, { name: 'NONCE', value: 'n' }),
      1,
    );
    expect(attribute(sent(step), 'REALM')).toBe('');
    expect(
      verifyIntegrity(step.send[0] as Uint8Array, longTermKey({ ...credential, realm: '' }, 'md5')),
    ).toBe('verified');
  });
});

describe('integrity of the answer', () => {
  test('missing', () => {
    const { client, request } = challenged();
    const { events } = client.onBytes(encode({ ...request, class: 'success', attributes: [] }), 20);
    expect(events).toMatchObject([{ kind: 'succeeded', integrity: 'missing' }]);
  });

  test('wrong', () => {
    const { client, request } = challenged();
    const answer: StunMessage = { ...request, class: 'success', attributes: [] };
    const bytes = encode(answer, { integrity: { key: new Uint8Array(16), algorithm: 'sha1' } });
    expect(client.onBytes(bytes, 20).events).toMatchObject([{ kind: 'succeeded', integrity: 'wrong' }]);
  });
});

describe('errors', () => {
  test('a second 401 is final', () => {
    const { client, request } = challenged();
    const { send, events } = client.onBytes(challenge(request), 20);
    expect(send).toEqual([]);
    expect(events).toMatchObject([
      { kind: 'failed', error: { code: 401 }, why: 'the server does not accept the credentials', met: [401] },
    ]);
  });

  test('438 is retried with the new nonce', () => {
    const { client, request } = challenged();
    const step = client.onBytes(challenge(request, 438, 'n2'), 20);
    expect(attribute(sent(step), 'NONCE')).toBe('n2');
    const { events } = client.onBytes(success(sent(step)), 30);
    expect(events).toMatchObject([{ kind: 'succeeded', met: [401, 438], requestsSent: 3 }]);
  });

  test('438 for ever ends', () => {
    const { client, request } = challenged();
    let step: AllocationStep = client.onBytes(challenge(request, 438), 20);
    let rounds = 0;
    for (; step.send.length > 0; rounds++) step = client.onBytes(challenge(sent(step), 438), 30);
    expect(rounds).toBe(3);
    expect(step.events).toMatchObject([
      { kind: 'failed', error: { code: 438 }, why: expect.stringContaining('4 nonces') },
    ]);
  });

  test('300 is handed to the caller', () => {
    const client = allocation();
    const value = { ip: '192.0.2.9', port: 3478 };
    const bytes = failure(sent(client.request(allocate(), 0)), 300, { name: 'ALTERNATE-SERVER', value });
    const [event] = client.onBytes(bytes, 5).events;
    expect(event).toMatchObject({ kind: 'failed', error: { code: 300 } });
    expect(event?.kind === 'failed' && attribute(event.response, 'ALTERNATE-SERVER')).toEqual(value);
  });

  test('without credentials the challenge is the end', () => {
    const client = new Allocation({ over: 'datagram', schedule: scheduleWithin(5000), randomBytes });
    const { send, events } = client.onBytes(challenge(sent(client.request(allocate(), 0))), 5);
    expect(send).toEqual([]);
    expect(events).toMatchObject([
      { kind: 'failed', error: { code: 401 }, why: expect.stringContaining('none were given') },
    ]);
  });
});

describe('time', () => {
  test('resends over UDP and counts what was sent in all', () => {
    const { client, request } = challenged();
    expect(client.onTime(260)).toMatchObject({ send: [expect.anything()], wakeAtMs: 760 });
    const { events } = client.onBytes(success(request), 300);
    expect(events).toMatchObject([{ kind: 'succeeded', requestsSent: 3, elapsedMs: 290 }]);
  });

  test('a second answer to a resent request is nobody’s fault', () => {
    const { client, request } = challenged();
    client.onTime(260);
    client.onBytes(success(request), 300);
    expect(client.onBytes(success(request), 301).events).toEqual([]);
  });

  test('silence, several requests apart', () => {
    const client = allocation({ schedule: scheduleWithin(400) });
    client.request(allocate(), 0);
    client.request(refresh(0), 100);
    expect(client.onTime(400).events).toMatchObject([
      { kind: 'timed-out', request: 1, requestsSent: 1, elapsedMs: 400 },
    ]);
    expect(client.onTime(500).events).toMatchObject([{ kind: 'timed-out', request: 2 }]);
  });

  test('given up by the caller', () => {
    const client = allocation();
    const { request } = client.request(allocate(), 0);
    expect(client.giveUp(request, 30)).toMatchObject({
      events: [{ kind: 'timed-out', elapsedMs: 30 }],
      wakeAtMs: undefined,
    });
    expect(client.giveUp(request, 31).events).toEqual([]);
  });

  test('once over a stream', () => {
    const client = allocation({ over: 'stream', schedule: sentOnce(1000) });
    expect(client.request(allocate(), 0).wakeAtMs).toBe(1000);
    expect(client.onTime(999).send).toEqual([]);
  });
});

describe('data', () => {
  const data = new Uint8Array(Buffer.from('hello'));
  const indication = (...attributes: Attribute[]) =>
    encode({ class: 'indication', method: 'data', transactionId: randomBytes(12), attributes });

  test('in a Send indication', () => {
    const decoded = decode(allocation().sendTo(peer, data));
    expect(decoded).toMatchObject({ message: { class: 'indication', method: 'send' } });
    expect('message' in decoded && attribute(decoded.message, 'DATA')).toEqual(data);
  });

  test('in a Data indication', () => {
    const bytes = indication({ name: 'XOR-PEER-ADDRESS', value: peer }, { name: 'DATA', value: data });
    expect(allocation().onBytes(bytes, 0).events).toEqual([{ kind: 'data', peer, data }]);
  });

  test('an ICMP error on the way to the peer', () => {
    const icmp = { type: 3, code: 3, data: 0 };
    const bytes = indication({ name: 'XOR-PEER-ADDRESS', value: peer }, { name: 'ICMP', value: icmp });
    expect(allocation().onBytes(bytes, 0).events).toEqual([
      { kind: 'icmp', peer, type: 3, code: 3, data: 0 },
    ]);
  });

  test('on a channel, once it is bound', () => {
    const { client, request } = challenged();
    client.onBytes(success(request), 20);
    const frame = encodeChannelData({ channel: 0x4000, data }, 'datagram');
    expect(client.onBytes(frame, 20).events).toEqual([
      { kind: 'rejected', reason: 'ChannelData on channel 0x4000, which is not bound' },
    ]);
    client.onBytes(success(sent(client.request(channelBind(0x4000, peer), 30))), 40);
    expect(client.onBytes(frame, 50).events).toEqual([{ kind: 'data', peer, data, channel: 0x4000 }]);
    expect(client.sendOnChannel(0x4000, data)).toEqual(frame);
  });

  test('what belongs to nothing is named', () => {
    const stray = success({
      class: 'request',
      method: 'allocate',
      transactionId: new Uint8Array(12),
      attributes: [],
    });
    const reasons = [stray, indication(), Buffer.from('HTTP/1.1 200 OK')].map(
      bytes => allocation().onBytes(bytes, 0).events[0],
    );
    expect(reasons).toEqual([
      { kind: 'rejected', reason: 'success allocate with a transaction id that is none of ours' },
      { kind: 'rejected', reason: 'data indication without the attributes that make it one' },
      { kind: 'rejected', reason: "an HTTP answer (starts with 'HTTP')" },
    ]);
  });
});

describe('over a stream', () => {
  const overStream = { over: 'stream', schedule: sentOnce(1000) } as const;

  test('an answer in pieces, with data behind it', () => {
    const { client, request } = challenged(overStream);
    const answer = success(request);
    expect(client.onBytes(answer.slice(0, 30), 1).events).toEqual([]);
    expect(client.onBytes(answer.slice(30), 2).events).toMatchObject([{ kind: 'succeeded' }]);
  });

  test('another protocol breaks it', () => {
    const client = allocation(overStream);
    client.request(allocate(), 0);
    const { events } = client.onBytes(Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 1);
    expect(events).toEqual([{ kind: 'broken', problem: "an HTTP answer (starts with 'HTTP')" }]);
  });

  test('after ConnectionBind every byte is the peer’s', () => {
    const { client, request } = challenged(overStream);
    client.onBytes(success(request), 1);
    const bind = sent(client.request(connectionBind(42), 2));
    const banner = Buffer.from('220 mail.example.org ESMTP\r\n');
    const { events } = client.onBytes(Buffer.concat([success(bind), banner]), 3);
    expect(events).toMatchObject([{ kind: 'succeeded', method: 'connectionBind' }, { kind: 'stream-data' }]);
    expect(events[1]).toMatchObject({ data: new Uint8Array(banner) });
    expect(client.onBytes(banner, 4).events).toEqual([{ kind: 'stream-data', data: banner }]);
  });
});
