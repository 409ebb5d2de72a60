import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { fakeIo } from '../support/fake-io.ts';
import { reportFaults } from '../support/report-readers.ts';
import { startTurnServer, type TurnServer } from '../support/turn-server.ts';

let servers: readonly TurnServer[];
beforeAll(async () => {
  servers = await Promise.all([startTurnServer(), startTurnServer()]);
});
afterAll(() => Promise.all(servers.map(server => server.stop())));

const uriOf = ({ udp }: TurnServer) => `stun:127.0.0.1:${udp.port}`;

async function probe(args: readonly string[], files = {}, stdin = '') {
  const io = fakeIo(files, stdin);
  const exitCode = await main(['node', 'turnctl', 'probe', ...args], io);
  return { exitCode, ...io.printed };
}

describe('many targets', () => {
  test('on the command line, in a file and on standard input; each counts once', async () => {
    const [one, two] = servers.map(uriOf) as [string, string];
    const list = `# servers\n${one}\n\n${two}\n`;
    for (const [args, files, stdin] of [
      [[one, two], {}, ''],
      [[one, '--targets', 'list'], { list }, ''],
      [['--targets', '-'], {}, list],
    ] as const) {
      const { exitCode, stdout } = await probe(['stun', ...args, '--json'], files, stdin);
      const { observations, target } = JSON.parse(stdout);
      const bindings = observations.filter((o: { probe: string }) => o.probe === 'stun-binding');
      expect(bindings.map((o: { outcome: string }) => o.outcome)).toEqual(['answered', 'answered']);
      expect(target).toEqual({ host: '2 targets' });
      expect(exitCode).toBe(0);
    }
  });

  test('none is wrong usage', async () => {
    expect(await probe(['stun'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('TARGET is missing'),
    });
    expect(await probe(['stun', '--targets', 'empty'], { empty: '# nothing\n' })).toMatchObject({
      exitCode: 2,
    });
  });
});

describe('probe load', () => {
  const cases = [
    {
      name: 'a server elsewhere',
      args: ['turn:192.0.2.1'],
      says: /192\.0\.2\.1 is not on this host[\s\S]*--i-own-this-server/,
    },
    { name: 'TLS', args: ['turns:127.0.0.1'], says: /measured over UDP/ },
    {
      name: 'more allocations than it may make',
      args: ['127.0.0.1', '--allocations', '5001'],
      says: /from 1 to 5000/,
    },
    { name: 'half a packet', args: ['127.0.0.1', '--packets', '0.5'], says: /whole number/ },
  ];
  for (const { name, args, says } of cases) {
    test(`refuses ${name}`, async () => {
      const { exitCode, stdout, stderr } = await probe(['load', ...args]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(says);
    });
  }

  test('--plan tells the cost and sends nothing, also for a server elsewhere', async () => {
    const [server] = servers as [TurnServer];
    const before = server.requests.length;
    const plan = await probe(['load', `turn:127.0.0.1:${server.udp.port}`, '--plan', '--allocations', '7']);
    expect(plan).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Costs at most 7 allocations at/),
    });
    const json = await probe(['load', 'turn:192.0.2.1', '--plan', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ plan: { allocations: 200, packets: 200_000 } });
    expect(server.requests.length).toBe(before);
  });

  test('the cost is told before it starts, on standard error', async () => {
    const [server] = servers as [TurnServer];
    const { stdout, stderr } = await probe(['load', `turn:127.0.0.1:${server.udp.port}`, '--json']);
    expect(stderr).toMatch(/^turnctl: at most 200 allocations at 127\.0\.0\.1:\d+/);
    expect(JSON.parse(stdout).command).toBe('probe load');
  });
});

describe('what a person and a program get to read', () => {
  for (const kind of ['peers', 'load'] as const) {
    test(`probe ${kind}: 80 columns at most, and a document that keeps its promise`, async () => {
      const server = await startTurnServer({ users: { alice: 'wonderland' } });
      const uri = `turn:127.0.0.1:${server.udp.port}?transport=udp`;
      const args = [
        kind,
        uri,
        '--user',
        'alice',
        ...(kind === 'load' ? ['--allocations', '8', '--packets', '50'] : []),
      ];
      const run = async (...more: string[]) => {
        const io = { ...fakeIo(), env: { TURNCTL_PASSWORD: 'wonderland' } };
        await main(['node', 'turnctl', 'probe', ...args, ...more], io);
        return io.printed.stdout;
      };
      try {
        const human = await run();
        expect(human).toMatch(
          kind === 'peers' ? /peers +permission +channel/ : /allocations: 8, [\d,]+ a second/,
        );
        expect(Math.max(...human.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
        expect(reportFaults(await run('--json'))).toEqual([]);
      } finally {
        await server.stop();
      }
    });
  }
});
