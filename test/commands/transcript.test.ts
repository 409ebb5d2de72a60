import { afterAll, beforeAll, expect, test } from 'vitest';
import { Keys } from '../../src/capture/keys.ts';
import { readInput } from '../../src/capture/read-input.ts';
import { main } from '../../src/cli/main.ts';
import { HostError } from '../../src/host/host.ts';
import { fakeIo } from '../support/fake-io.ts';
import { reportFaults } from '../support/report-readers.ts';
import { startTurnServer, type TurnServer } from '../support/turn-server.ts';

let server: TurnServer;
beforeAll(async () => {
  server = await startTurnServer({ users: { alice: 'wonderland-secret' }, realm: 'test.invalid' });
});
afterAll(() => server.stop());

async function probe(...args: string[]) {
  const io = { ...fakeIo(), env: { TURNCTL_PASSWORD: 'wonderland-secret' } };
  const uri = `turn:127.0.0.1:${server.udp.port}?transport=udp`;
  const argv = [
    'node',
    'turnctl',
    ...args.slice(0, 1),
    ...args.slice(1, 2),
    uri,
    '--user',
    'alice',
    ...args.slice(2),
  ];
  const exitCode = await main(argv, io);
  return { exitCode, ...io.printed, binary: io.binary };
}

test('--trace shows each message after the report, within 80 columns', async () => {
  const { stdout } = await probe('probe', 'turn', '--trace');
  expect(stdout).toMatch(/^OK {2}(\d+) of \1 TURN/);
  expect(stdout).toMatch(/ms → Allocate request, \d+ bytes\n +127\.0\.0\.1:\d+ → 127\.0\.0\.1:\d+\/udp/);
  expect(stdout).toMatch(/ms ← Refresh success/);
  expect(stdout).not.toContain('wonderland-secret');
  expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
});

test('--trace --json has a transcript, and no run without it', async () => {
  const { stdout } = await probe('probe', 'turn', '--trace', '--json');
  expect(reportFaults(stdout)).toEqual([]);
  const { transcript } = JSON.parse(stdout);
  expect(transcript[0]).toMatchObject({
    direction: 'out',
    transport: 'udp',
    message: { kind: 'stun', method: 'Allocate', class: 'request', fingerprint: 'right' },
  });
  expect(JSON.parse((await probe('probe', 'turn', '--json')).stdout)).not.toHaveProperty('transcript');
});

for (const command of [
  ['probe', 'turn'],
  ['diagnose', '--timeout=5'],
]) {
  test(`${command[0]} --pcap writes a capture that reads back`, async () => {
    const { binary } = await probe(command[0]!, command[1]!, '--pcap', 'x.pcapng');
    const read = readInput(binary.get('x.pcapng')!, new Keys(), 1000);
    if ('problem' in read) throw new Error(read.problem);
    const said = read.entries.map(({ message }) =>
      message.kind === 'stun' ? `${message.method} ${message.class}` : '',
    );
    expect(said).toEqual(expect.arrayContaining(['Allocate request', 'Allocate success', 'Refresh success']));
  });
}

test('a capture that cannot be written does not take the report away', async () => {
  const io = { ...fakeIo(), env: { TURNCTL_PASSWORD: 'wonderland-secret' } };
  io.writeFile = async path => {
    throw new HostError('no-space', `cannot write ${path}: no space left on the device`);
  };
  const uri = `turn:127.0.0.1:${server.udp.port}?transport=udp`;
  const argv = ['node', 'turnctl', 'probe', 'turn', uri, '--user', 'alice', '--pcap', 'x.pcapng'];
  expect(await main(argv, io)).toBe(3);
  expect(io.printed.stdout).toMatch(/^OK {2}(\d+) of \1 TURN/);
  expect(io.printed.stderr).toContain('cannot write x.pcapng: no space left');
});
