import { describe, expect, test } from 'vitest';
import { clientHello, dtlsClientHello, readHelloAnswer } from '../../src/net/tls-hello.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** As OpenSSL 3.0 sends it for TLS 1.2: no session, ECDHE-RSA-AES256-GCM-SHA384. */
const serverHello = bytes(`16 0303 002a 02 000026 0303 ${'ab'.repeat(32)} 00 c030 00`);

describe('readHelloAnswer', () => {
  test('version and suite of a ServerHello, as soon as both are there', () => {
    const whole = { kind: 'server-hello', version: 'TLSv1.2', suite: 0xc030 };
    expect(readHelloAnswer(serverHello, 'tls')).toEqual(whole);
    expect(readHelloAnswer(serverHello.subarray(0, -1), 'tls')).toEqual(whole);
    for (let size = 0; size < serverHello.length - 1; size++) {
      expect(readHelloAnswer(serverHello.subarray(0, size), 'tls')).toBeUndefined();
    }
  });

  test('a session id in front of the suite', () => {
    const resumed = bytes(`16 0301 002c 02 000028 0301 ${'ab'.repeat(32)} 02 beef 002f 00`);
    expect(readHelloAnswer(resumed, 'tls')).toEqual({ kind: 'server-hello', version: 'TLSv1', suite: 0x2f });
  });

  const others: [what: string, hex: string, over: 'tls' | 'dtls', answer: object | undefined][] = [
    ['an alert', '15 0303 0002 02 46', 'tls', { kind: 'alert', description: 70 }],
    ['half an alert', '15 0303 0002 02', 'tls', undefined],
    ['HTTP', Buffer.from('HTTP/1.1 400').toString('hex'), 'tls', { kind: 'no-tls' }],
    ['an answer of STUN', '0111 0000 2112a442', 'dtls', { kind: 'no-tls' }],
    [
      'a HelloVerifyRequest',
      `16 feff 0000 000000000000 0023 03 000017 0000 000000 000017 feff 14`,
      'dtls',
      { kind: 'hello-verify-request' },
    ],
    [
      'an alert over DTLS',
      '15 fefd 0000 000000000000 0002 02 28',
      'dtls',
      { kind: 'alert', description: 40 },
    ],
  ];
  for (const [what, hex, over, answer] of others) {
    test(what, () => expect(readHelloAnswer(bytes(hex), over)).toEqual(answer));
  }
});

describe('clientHello', () => {
  const options = { version: 'TLSv1.1', suites: [0xc014], serverName: 'turn.test' } as const;

  test('has lengths that add up, the version asked for and the name', () => {
    const hello = clientHello(options);
    const view = new DataView(hello.buffer);
    expect(view.getUint16(1)).toBe(0x0301);
    expect(view.getUint16(3)).toBe(hello.length - 5);
    expect(view.getUint16(7)).toBe(hello.length - 9);
    expect(view.getUint16(9)).toBe(0x0302);
    expect(Buffer.from(hello).includes('turn.test')).toBe(true);
  });

  test('leaves an address out of the name, and SSL 3.0 without extensions', () => {
    expect(Buffer.from(clientHello({ ...options, serverName: '192.0.2.1' })).includes('192.0.2.1')).toBe(
      false,
    );
    // Header, random, no session, two suites, one compression.
    expect(clientHello({ ...options, version: 'SSLv3' })).toHaveLength(9 + 2 + 32 + 1 + 6 + 2);
  });

  test('over DTLS begins with epoch, number and a whole message', () => {
    const hello = dtlsClientHello(options);
    const view = new DataView(hello.buffer);
    expect(view.getUint16(11)).toBe(hello.length - 13);
    expect(view.getUint16(15)).toBe(hello.length - 25);
    expect(view.getUint16(23)).toBe(hello.length - 25);
    expect(view.getUint16(25)).toBe(0xfefd);
  });
});
