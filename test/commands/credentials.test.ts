import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { issueCredential } from '../../src/credentials/issue.ts';
import { type FakeIo, fakeIo } from '../support/fake-io.ts';

const conf = (...lines: string[]) => `${lines.join('\n')}\n`;
const configured = conf(
  'use-auth-secret',
  'static-auth-secret=north',
  'static-auth-secret=south',
  'realm=example.org',
  'external-ip=203.0.113.10/10.0.0.5',
  'cert=/c.pem',
  'pkey=/k.pem',
);

const run = async (args: string[], io: FakeIo) => {
  const exitCode = await main(['node', 'turnctl', 'credentials', ...args], io);
  return { exitCode, ...io.printed };
};

describe('issue', () => {
  test('takes secret and ways in from the configuration', async () => {
    const io = fakeIo({ '/etc/turnserver.conf': configured });
    const { exitCode, stdout } = await run(
      ['issue', '--json', '--name', 'alice', '--host', 'turn.example.org'],
      io,
    );
    const { username, password, ttl, uris } = JSON.parse(stdout);
    const { now } = { now: Number(username.split(':')[0]) * 1000 - 3600_000 };
    expect({ username, password }).toMatchObject(
      (({ username, password }) => ({ username, password }))(
        issueCredential({ secret: 'north', now, ttlSeconds: 3600, name: 'alice' }),
      ),
    );
    expect({ exitCode, ttl, uris }).toEqual({
      exitCode: 0,
      ttl: 3600,
      uris: [
        'turn:turn.example.org:3478?transport=udp',
        'turn:turn.example.org:3478?transport=tcp',
        'turns:turn.example.org:5349?transport=tcp',
      ],
    });
  });

  const uris: [what: string, lines: string[], expected: string[]][] = [
    [
      'the public address, and no TLS without a name',
      [],
      ['turn:203.0.113.10:3478?transport=udp', 'turn:203.0.113.10:3478?transport=tcp'],
    ],
    ['nothing that is switched off', ['no-tcp'], ['turn:203.0.113.10:3478?transport=udp']],
    ['the port it listens on', ['no-udp', 'listening-port=80'], ['turn:203.0.113.10:80?transport=tcp']],
  ];
  for (const [what, lines, expected] of uris) {
    test(`names ${what}`, async () => {
      const io = fakeIo({ '/etc/turnserver.conf': configured + conf(...lines) });
      expect(JSON.parse((await run(['issue', '--json'], io)).stdout).uris).toEqual(expected);
    });
  }

  test('a secret that is given beats the configuration, and needs none', async () => {
    const io = fakeIo({ s: 'given\n' });
    expect(await run(['issue', '--secret-file', 's'], io)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  const wrong: [
    what: string,
    args: string[],
    files: Record<string, string>,
    says: RegExp,
    exitCode: number,
  ][] = [
    ['no secret at all', ['issue'], {}, /there is no secret/, 2],
    ['a configuration without one', ['issue', '--config', 'c'], { c: 'realm=x\n' }, /no secret in c/, 2],
    ['a configuration that is not there', ['issue', '--config', 'c'], {}, /c does not exist/, 3],
    [
      'a name that breaks the user name',
      ['issue', '--name', 'a:b', '--secret-file', 's'],
      { s: 'x' },
      /--name/,
      2,
    ],
    ['a URI that is none', ['issue', '--uri', 'http://x', '--secret-file', 's'], { s: 'x' }, /http:\/\/x/, 2],
    ['a time that is none', ['issue', '--ttl', '1.5', '--secret-file', 's'], { s: 'x' }, /--ttl/, 2],
  ];
  for (const [what, args, files, says, exitCode] of wrong) {
    test(`${what} is said in a line`, async () => {
      const result = await run(args, fakeIo(files));
      expect(result).toMatchObject({ exitCode, stdout: '' });
      expect(result.stderr).toMatch(says);
    });
  }
});

describe('verify', () => {
  const made = (secret: string, ttlSeconds = 3600) =>
    issueCredential({ secret, now: Date.now(), ttlSeconds, name: 'alice' });

  async function verify(username: string, password: string) {
    const io = fakeIo({ '/etc/turnserver.conf': configured, p: `${password}\n` });
    return run(['verify', username, '--password-file', 'p', '--json'], io);
  }

  test('a good one: for whom, until when, by which secret', async () => {
    const { username, password } = made('south');
    const { exitCode, stdout } = await verify(username, password);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).verdict.headline).toMatch(
      /^coturn takes this credential until 20\S+Z, \d+ s from now: it is for alice, made with secret 2 of 2$/,
    );
    expect(stdout).not.toContain(password);
  });

  const good = made('north');
  const expired = made('north', -60);
  const millis = issueCredential({ secret: 'north', now: Date.now() * 1000, ttlSeconds: 60 });
  const cases: [what: string, username: string, password: string, rule: string][] = [
    ['of another secret', made('east').username, made('east').password, 'credentials/secret-mismatch'],
    ['that has expired', expired.username, expired.password, 'credentials/expired'],
    ['in milliseconds', millis.username, millis.password, 'credentials/timestamp-in-milliseconds'],
    [
      'in hexadecimal',
      good.username,
      Buffer.from(good.password, 'base64').toString('hex'),
      'credentials/password-encoding',
    ],
  ];
  for (const [what, username, password, rule] of cases) {
    test(`one ${what}: ${rule} and nothing else`, async () => {
      const { exitCode, stdout } = await verify(username, password);
      expect({ exitCode, causes: JSON.parse(stdout).verdict.causes }).toEqual({
        exitCode: 1,
        causes: [rule],
      });
    });
  }
});

describe('serve', () => {
  const files = { '/etc/turnserver.conf': configured, tokens: '# name token\nweb sesame\n' };
  const args = ['serve', '--listen', '0', '--tokens-file', 'tokens', '--host', 'turn.example.org'];

  test('answers until it is told to stop, with the access log on standard output', async () => {
    const io = fakeIo(files);
    let stop = () => {};
    io.untilStopped = () =>
      new Promise(done => {
        stop = done;
      });
    let listening = (_: string) => {};
    const announced = new Promise<string>(done => {
      listening = done;
    });
    io.stderr = text => listening(/http:\S+(?=,)/.exec(text)?.[0] ?? text);
    const ended = run(args, io);
    const answer = await fetch(await announced, { headers: { authorization: 'Bearer sesame' } });
    expect([answer.status, JSON.parse(await answer.text()).uris.length]).toEqual([200, 3]);
    stop();
    expect((await ended).exitCode).toBe(0);
    expect(JSON.parse(io.printed.stdout)).toMatchObject({ status: 200, identity: 'web' });
  });

  const wrong: [what: string, change: string[], more: Record<string, string>, says: RegExp][] = [
    ['nobody who may ask', ['--tokens-file'], {}, /who may ask/],
    [
      'a token file with a line that is none',
      [],
      { tokens: 'web sesame sesame\n' },
      /tokens:1 is not NAME TOKEN/,
    ],
    ['a token no header may hold', [], { tokens: 'web ses@me\n' }, /tokens:1: the token holds/],
    ['an empty token file', [], { tokens: '# none\n' }, /holds no token/],
    ['a key without its certificate', ['+', '--tls-key', 'k'], {}, /belong together/],
    ['a proxy that is none', ['+', '--trusted-proxy', 'x'], {}, /--trusted-proxy: x is neither/],
    ['an origin that is none', ['+', '--origin', 'app.example.org'], {}, /--origin/],
  ];
  for (const [what, change, more, says] of wrong) {
    test(`${what}: one line, no token in it`, async () => {
      const [first = '', ...rest] = change;
      const given =
        first === '+'
          ? [...args, ...rest]
          : args.filter((word, i) => word !== first && args[i - 1] !== first);
      const { exitCode, stdout, stderr } = await run(given, fakeIo({ ...files, ...more }));
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/ses.me/);
    });
  }
});
