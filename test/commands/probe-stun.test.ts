import { afterEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { stun } from '../../src/commands/probe-kinds/stun.ts';
import { nodeNet, systemClock } from '../../src/net/node.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { fakeIo } from '../support/fake-io.ts';
import { startStunServer } from '../support/stun-server.ts';
import { startTurnServer } from '../support/turn-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map(close => close()));
});

async function run(args: readonly string[], dnsServers?: readonly string[], color = false) {
  const io = {
    ...fakeIo(),
    rendering: { color, width: 80, unicode: true },
    ...(dnsServers ? { net: nodeNet(systemClock, dnsServers) } : {}),
  };
  const exitCode = await main(['node', 'turnctl', 'probe', ...args], io);
  return { exitCode, ...io.printed };
}

const losing = async () => {
  // Every seventh Binding of many; what asks more than once hardly notices.
  const server = await startStunServer({ react: (_, index) => ({ times: index % 7 === 6 ? 0 : 1 }) });
  closers.push(server.stop);
  return `stun:127.0.0.1:${server.address.port}`;
};

describe('probe stun', () => {
  test('loss above one percent ends with 1, and is told', async () => {
    const { exitCode, stdout } = await run(['stun', await losing(), '--count', '70', '--interval', '5']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/listener\/packet-loss {2}(warning|error)/);
    expect(stdout).toMatch(/series: 6\d of 70 answered, 1\d\.\d % lost/);
    expect(stdout).toMatch(/round trip ms: min [\d.]+, median [\d.]+, p95 [\d.]+, p99/);
  });

  test('without loss it ends with 0', async () => {
    const server = await startTurnServer({ software: 'test' });
    closers.push(server.stop);
    const target = `turn:127.0.0.1:${server.udp.port}`;
    const { exitCode, stdout, stderr } = await run(['stun', target, '--count', '20', '--interval', '5']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/series: 20 of 20 answered, 0\.0 % lost/);
    expect(stdout).toMatch(/mapped address 127\.0\.0\.1:\d+ \(loopback\): no NAT on the way/);
    expect(stdout).toMatch(/port 3478: .*\n? *.*port 5349:/);
  });

  test('an SRV record that leads to nothing is named', async () => {
    const dns = await startDnsServer({
      srv: { '_turn._udp.localhost': [{ port: 3478, host: 'gone.invalid' }] },
    });
    closers.push(dns.stop);
    const { exitCode, stdout } = await run(['stun', 'localhost', '--timeout', '2'], [dns.address]);
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain('dns/srv-target-unanswered');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      '_turn._udp.localhost (SRV) leads to gone.invalid, port 3478, and that name does not resolve',
    );
    expect(stdout).toContain('Records of localhost');
  });

  test('a resolver without an answer is told, and is no fault of the server', async () => {
    const dns = await startDnsServer({ fails: { '_turn._udp.localhost': 'SERVFAIL' } });
    closers.push(dns.stop);
    const { stdout } = await run(['stun', 'localhost', '--timeout', '1'], [dns.address]);
    expect(stdout.split('\n\n')[0]).not.toContain('ESERVFAIL');
    expect(stdout).toContain('  _turn._udp.localhost SRV: ESERVFAIL\n');
  });

  test('an address, a port or a URI is not looked up as a domain', async () => {
    const dns = await startDnsServer({});
    closers.push(dns.stop);
    for (const target of ['127.0.0.1', 'localhost:1', 'stun:localhost']) {
      await run(['stun', target, '--timeout', '1'], [dns.address]);
    }
    expect(dns.asked).toEqual([]);
  });
});

describe('probe nat', () => {
  test('what it found, and what it did not', async () => {
    const server = await startStunServer();
    closers.push(server.stop);
    const { exitCode, stdout } = await run(['nat', `stun:127.0.0.1:${server.address.port}`]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('  mapping: endpoint-independent\n  filtering: endpoint-independent\n');
    expect(stdout).toContain('  binding lifetime: not measured, no NAT translates here\n');
  });

  test('inconclusive ends with 3, and says why', async () => {
    const server = await startStunServer({ namesOther: false });
    closers.push(server.stop);
    const { exitCode, stdout } = await run(['nat', `stun:127.0.0.1:${server.address.port}`]);
    expect(exitCode).toBe(3);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'mapping: inconclusive, the server names no OTHER-ADDRESS',
    );
  });
});

test('80 columns are enough, in colour too', async () => {
  const target = await losing();
  const plain = await run(['stun', target, '--count', '30', '--interval', '5']);
  for (const line of plain.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(plain.stdout).not.toContain('\u001b');
  const coloured = await run(['nat', target], undefined, true);
  expect(coloured.stdout).toContain('\u001b[');
});

const wrong = [
  { args: ['stun', 'localhost', '--count', '0'], says: /--count .*from 1 to 100000/ },
  { args: ['stun', 'localhost', '--count', '2.5'], says: /--count/ },
  { args: ['stun', 'localhost', '--interval', '1'], says: /--interval .*from 5 to 60000/ },
  { args: ['nat', 'localhost', '--long', '0'], says: /--long .*number of seconds/ },
  { args: ['nat', 'turns:localhost'], says: /cannot be probed for nat/ },
];
test.each(wrong)('$args', async ({ args, says }) => {
  const { exitCode, stdout, stderr } = await run(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(says);
});

test('completion knows the flags of the kinds', async () => {
  const io = fakeIo();
  await main(['node', 'turnctl', 'completion', 'bash'], io);
  const [, kinds = '', flags = ''] =
    /\n {4}probe\)\s+values="([^"]*)" flags="([^"]*)"/.exec(io.printed.stdout) ?? [];
  expect(kinds.split(' ')).toEqual(expect.arrayContaining(['stun', 'nat']));
  expect(flags.split(' ')).toEqual(expect.arrayContaining(['--count', '--interval', '--long']));
});

test('of more servers than 32 Binding alone is asked: a thousand would take twenty thousand sockets', () => {
  const stepsFor = (uris: number) => stun.probing({ interval: 100 }, { sharedSecrets: [] }, uris).steps;
  expect(stepsFor(33)).toEqual(['stun-binding']);
  expect(stepsFor(32)).toContain('server-identity');
});
