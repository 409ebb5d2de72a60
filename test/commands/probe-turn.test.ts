import { afterEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { turn } from '../../src/commands/probe-kinds/turn.ts';
import { fakeIo } from '../support/fake-io.ts';
import type { Faults } from '../support/turn-faults.ts';
import { startTurnServer } from '../support/turn-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map(close => close()));
});

async function run(...args: string[]) {
  const io = {
    ...fakeIo(),
    env: { TURNCTL_PASSWORD: 'wonderland' },
    rendering: { color: false, width: 80, unicode: true },
  };
  const exitCode = await main(['node', 'turnctl', 'probe', 'turn', ...args], io);
  return { exitCode, ...io.printed };
}

async function serverWith(faults: Faults = {}): Promise<string[]> {
  const server = await startTurnServer({ users: { alice: 'wonderland' }, faults });
  closers.push(server.stop);
  return [`turn:127.0.0.1:${server.udp.port}?transport=udp`, '--user', 'alice'];
}

describe('probe turn', () => {
  test('a table of what was tried, within 80 columns', async () => {
    const { exitCode, stdout, stderr } = await run(...(await serverWith()));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(
      /^ {2}✓ relay-to-relay {4} *[\d.]+ {2}both ways: two users of this relay can talk$/m,
    );
    expect(stdout).toMatch(/^ {2}i mobility /m);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('lost data ends with 1, and is named', async () => {
    const { exitCode, stdout } = await run(
      ...(await serverWith({ loseEvery: 4 })),
      '--count',
      '40',
      '--interval',
      '5',
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✗ relay-series .*3\d of 40 back/);
  });

  test('large packets that do not pass are a finding', async () => {
    const { exitCode, stdout } = await run(...(await serverWith({ mtuBytes: 1100 })));
    expect(exitCode).toBe(1);
    expect(stdout).toContain('relay/large-packets-lost');
  });

  test('what costs more than a moment is said before it starts', async () => {
    const { stdout, stderr } = await run(...(await serverWith()), '--quota', '3');
    expect(stderr).toMatch(/^--quota holds up to 3 allocations/);
    expect(stdout).toMatch(/quota .*3 allocations, then no more tried/);
  });

  test('without an allocation the reason stands once', async () => {
    const [target = ''] = await serverWith();
    const { exitCode, stdout } = await run(target);
    expect(exitCode).not.toBe(0);
    expect(stdout).toMatch(/^ {4}1\d trials not tried: no credentials to allocate with$/m);
  });
});

const defaults = { interval: 20 };
const plans: [what: string, flags: object, more: string[]][] = [
  ['no flags', {}, []],
  ['--all', { all: true }, ['deletion', 'relay-series', 'icmp']],
  ['--count', { count: 5 }, ['relay-series']],
  ['--quota', { quota: true }, ['quota']],
  ['--throughput', { throughput: true }, ['throughput']],
  ['--long', { long: true }, ['permission-life', 'channel-life', 'soak']],
];
test.each(plans)('%s adds to what is fast', (_, flags, more) => {
  const fast = turn.probing(defaults, { sharedSecrets: [] }).steps;
  expect(turn.probing({ ...defaults, ...flags }, { sharedSecrets: [] }).steps).toEqual([...fast, ...more]);
});

test('--long and --throughput say how long they take, and how much they send', () => {
  expect(turn.plan?.({ ...defaults, long: true, throughput: true }).join('\n')).toMatch(
    /--long takes 21 minutes.*\n--throughput sends up to 50 MB to each address within 10 s/,
  );
});

const wrong: [string[], RegExp][] = [
  [['--quota', '0'], /--quota .*from 1 to 1000/],
  [['--count', 'x'], /--count/],
  [['--stun-server', 'a b'], /--stun-server .*HOST:PORT/],
  [['--stun-server', 'stun.example.org:70000'], /--stun-server .*HOST:PORT/],
];
test.each(wrong)('%j', async (args, says) => {
  const { exitCode, stdout, stderr } = await run('turn:127.0.0.1', ...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(says);
});
