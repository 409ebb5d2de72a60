import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { fakeIo } from '../support/fake-io.ts';
import { packet } from '../support/packets.ts';

const BINDING = '000100002112a442b7e7a701bc34d686fa87dfae';
const signed = packet('chromium-allocate-request-signed');

async function decode(args: string[], files: Record<string, string | Uint8Array> = {}, stdin = '', env = {}) {
  const io = { ...fakeIo(files, stdin), env };
  const exitCode = await main(['node', 'turnctl', 'decode', ...args], io);
  return { exitCode, ...io.printed };
}

test('hex on the command line', async () => {
  const { exitCode, stdout } = await decode([BINDING]);
  expect(stdout).toBe(
    `Binding request, 20 bytes\n    id b7e7a701bc34d686fa87dfae\n\n1 message, all well-formed in this hex\nexit 0\n`,
  );
  expect(exitCode).toBe(0);
});

test('hex from standard input, and raw bytes from a file', async () => {
  const one = await decode([], {}, BINDING);
  const two = await decode(['m.bin'], { 'm.bin': new Uint8Array(Buffer.from(BINDING, 'hex')) });
  expect(two.stdout).toBe(one.stdout.replace('this hex', 'this binary'));
});

test('integrity is verified with a password, and the password is not printed', async () => {
  const { username = '', password = '' } = signed.credential ?? {};
  const { stdout } = await decode(['m.bin', '--user', username, '--json'], { 'm.bin': signed.bytes }, '', {
    TURNCTL_PASSWORD: password,
  });
  const document = JSON.parse(stdout);
  expect(document.messages[0].message).toMatchObject({
    integrity: 'verified',
    fingerprint: expect.any(String),
  });
  expect(stdout).not.toContain(password);
  const wrong = await decode(['m.bin', '--user', username], { 'm.bin': signed.bytes }, '', {
    TURNCTL_PASSWORD: 'x',
  });
  expect(wrong.stdout).toMatch(/MESSAGE-INTEGRITY +20 bytes, not shown \(wrong\)/);
});

describe('exit codes', () => {
  const cases = [
    { name: 'a malformed message: 1', args: [`${BINDING}00`], exitCode: 1, says: 'byte 2: the length is 0' },
    { name: 'nothing of STUN: 3', args: ['485454502f312e31'], exitCode: 3, says: 'HTTP' },
    { name: 'no hex: 2', args: ['-'], stdin: 'hello', exitCode: 2, says: '"h" is no hex digit' },
    { name: 'no such file: 3', args: ['nothing.pcap'], exitCode: 3, says: 'nothing.pcap does not exist' },
    { name: 'a limit of none: 2', args: [BINDING, '--limit', '0'], exitCode: 2, says: 'positive' },
  ];
  for (const { name, args, stdin = '', exitCode, says } of cases) {
    test(name, async () => {
      const result = await decode(args, {}, stdin);
      expect(result.exitCode).toBe(exitCode);
      expect(result.stdout + result.stderr).toContain(says);
    });
  }
});

test('many messages are cut to --limit, and that is said', async () => {
  const { stdout } = await decode([BINDING.repeat(5), '--limit', '2']);
  expect(stdout).toMatch(/2 messages, all well-formed in this hex; 3 more messages not shown \(--limit\)/);
});
