import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/bundle/redactor.ts';
import { captureFile } from '../../src/capture/capture-file.ts';
import { Keys } from '../../src/capture/keys.ts';
import { readInput } from '../../src/capture/read-input.ts';
import { screenOf } from '../../src/commands/bundle/screen.ts';
import type { RecordedEvent, Recording } from '../../src/model/recording.ts';
import type { Transport } from '../../src/model/transport.ts';
import { encode, type StunMessage } from '../../src/stun/message.ts';

const SECRET = 'kestrel-wing-9Q';
const USER = '1769864400:ophelia';
const redactor = createRedactor({
  key: Buffer.from('k'),
  secrets: [SECRET],
  users: ['ophelia'],
  keepAddresses: true,
});

const message = (...attributes: StunMessage['attributes']) =>
  encode(
    { method: 'allocate', class: 'error', transactionId: new Uint8Array(12).fill(7), attributes },
    { fingerprint: true },
  );

/** One connection on which these pieces came in. */
const recorded = (
  transport: Transport,
  pieces: readonly Uint8Array[],
  role: 'client' | 'peer' = 'client',
): Recording => ({
  startedAtMs: 0,
  connections: [
    { transport, role, local: { ip: '192.0.2.1', port: 50_000 }, remote: { ip: '192.0.2.2', port: 3478 } },
  ],
  events: [
    { connection: 0, atMs: 0, kind: 'opened' },
    ...pieces.map(
      (bytes): RecordedEvent => ({
        ...{ connection: 0, atMs: 1, kind: 'in', bytes },
        ...(role === 'peer' ? { other: { ip: '192.0.2.2', port: 3478 } } : {}),
      }),
    ),
  ],
  leftOut: 0,
});

const covered = (recording: Recording) =>
  Buffer.from(captureFile(recording, 'turnctl test', screenOf(redactor)));

/** Cut after every `size` bytes. */
const cut = (bytes: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

const TELLING = message(
  { name: 'SOFTWARE', value: `built with ${SECRET}` },
  { name: 'REALM', value: SECRET },
  { name: 'NONCE', value: Buffer.from(SECRET).toString('hex') },
  { name: 'USERNAME', value: USER },
  {
    name: 'ERROR-CODE',
    value: { code: 401, reason: `not ${Buffer.from(`a:${SECRET}:b`).toString('base64')}` },
  },
  { name: 'DATA', value: Buffer.from(`payload ${SECRET}`) },
  { name: 'DATA', value: message({ name: 'SOFTWARE', value: SECRET }) },
);
// No Buffer, of which `slice` is no copy.
const ANSWER = new TextEncoder().encode(
  `HTTP/1.1 401 No\r\nSet-Cookie: session=unheard-of-1X\r\n\r\n{"password":"${SECRET}","user":"ophelia"}`,
);

describe('a capture that leaves the host', () => {
  test.each([
    ['udp', TELLING.length],
    ['tcp', TELLING.length],
    // Pieces in which no secret is whole.
    ['tcp', 5],
    ['tls', 11],
  ] as const)('has no known secret and no user in a message over %s, in pieces of %d', (transport, size) => {
    const file = covered(recorded(transport, cut(TELLING, size)));
    const text = file.toString('latin1');
    expect(text).not.toMatch(/kestrel|ophelia|6b65737472656c/);
    const read = readInput(file, new Keys(), 100);
    if ('problem' in read) throw new Error(read.problem);
    const messages = read.entries.flatMap(entry => (entry.message.kind === 'stun' ? [entry.message] : []));
    expect(messages).toMatchObject([{ defects: [], fingerprint: 'right', sizeBytes: TELLING.length }]);
    const values = Object.fromEntries(
      messages.flatMap(one => one.attributes).map(({ name, value }) => [name, value]),
    );
    expect(values).toMatchObject({
      SOFTWARE: `"built with ${'*'.repeat(SECRET.length)}"`,
      USERNAME: '"1769864400:*******"',
    });
  });

  test.each([
    ['udp', ANSWER.length],
    ['tcp', ANSWER.length],
    ['tcp', 7],
  ] as const)(
    'shows of another protocol its first line alone, over %s in pieces of %d',
    (transport, size) => {
      const text = covered(recorded(transport, cut(ANSWER, size))).toString('latin1');
      expect(text).toContain('HTTP/1.');
      expect(text).not.toMatch(/Set-|sess|unhe|kest|ophe/);
    },
  );

  test('shows nothing of what a peer sends', () => {
    const payload = Buffer.from(`payload ${SECRET}, and unheard-of-1X`);
    expect(covered(recorded('udp', [payload], 'peer')).toString('latin1')).not.toMatch(/kestrel|unheard/);
    const stun = message({ name: 'SOFTWARE', value: SECRET });
    expect(covered(recorded('udp', [stun], 'peer')).toString('latin1')).not.toMatch(/kestrel/);
  });
});
