import { describe, expect, test } from 'vitest';
import { runInit } from '../../src/commands/init.ts';
import { type InitFlags, initOptionsOf } from '../../src/commands/init-options.ts';
import type { Host } from '../../src/host/host.ts';
import { type FakeIo, fakeIo, hostWith } from '../support/fake-io.ts';
import { startTurnServer } from '../support/turn-server.ts';

const NAT = '2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\n';
const PUBLIC =
  '2: eth0    inet 198.51.100.7/24 scope global eth0\n2: eth0    inet6 2001:db8::7/64 scope global\n';
const SECRET = /^static-auth-secret=([\w-]{43})$/m;

/** A host with these addresses and nothing else. */
const hostAt = (addresses: string, files: Readonly<Record<string, string>> = {}): Host => {
  const host = hostWith(files);
  return {
    ...host,
    run: async argv =>
      argv.join(' ') === 'ip -o addr'
        ? { exitCode: 0, stdout: addresses, stderr: '', truncated: false }
        : host.run(argv),
  };
};

const options = (flags: Partial<InitFlags> = {}) =>
  initOptionsOf({ output: '/etc/turnserver.conf', listeningIp: [], ...flags });

const ioAt = (addresses: string, answers?: readonly string[], files: Record<string, string> = {}) => {
  const questions: string[] = [];
  const left = [...(answers ?? [])];
  const io: FakeIo = {
    ...fakeIo(files),
    host: hostAt(addresses, files),
    dialogue:
      answers === undefined
        ? null
        : talk =>
            talk(async question => {
              questions.push(question);
              return left.shift() ?? '';
            }),
  };
  return { io, questions };
};

describe('init', () => {
  test('writes the file, and the secret nowhere else', async () => {
    const { io } = ioAt(PUBLIC);
    expect(await runInit(options({ yes: true, realm: 'turn.example.org' }), io)).toBe(0);
    const text = io.written.get('/etc/turnserver.conf')!;
    const [, secret] = SECRET.exec(text)!;
    expect(text).toContain('listening-ip=198.51.100.7\nlistening-ip=2001:db8::7\n');
    expect(text).toContain('\nrealm=turn.example.org\n');
    expect(io.printed.stdout + io.printed.stderr).not.toContain(secret);
    expect(io.printed.stdout).toContain('/etc/turnserver.conf (mode 0600) for coturn');
  });

  test('makes a new secret each time', async () => {
    const secrets = await Promise.all(
      [1, 2].map(async () => {
        const { io } = ioAt(PUBLIC);
        await runInit(options(), io);
        return SECRET.exec(io.written.get('/etc/turnserver.conf')!)![1];
      }),
    );
    expect(new Set(secrets).size).toBe(2);
  });

  test('asks for the public address and the name, until the answers are such', async () => {
    const { io, questions } = ioAt(NAT, ['turn.example.org', '203.0.113.9', 'a b', 'turn.example.org']);
    await runInit(options(), io);
    expect(questions.map(question => question.slice(0, 11))).toEqual([
      'Public IPv4',
      'Public IPv4',
      'Name of thi',
      'Name of thi',
    ]);
    const text = io.written.get('/etc/turnserver.conf')!;
    expect(text).toContain('\nexternal-ip=203.0.113.9/10.0.0.5\n');
    expect(text).toContain('\nrealm=turn.example.org\n');
  });

  test('with --yes asks nothing, and says what to fill in', async () => {
    const { io, questions } = ioAt(NAT, ['203.0.113.9']);
    expect(await runInit(options({ yes: true }), io)).toBe(0);
    expect(questions).toEqual([]);
    expect(io.written.get('/etc/turnserver.conf')).toContain('\n#external-ip=PUBLIC/10.0.0.5\n');
    expect(io.printed.stdout).toContain('Fill in external-ip');
  });

  test('asks the STUN server that is named, and no other', async () => {
    const server = await startTurnServer({ faults: { mappedAddress: { ip: '203.0.113.9', port: 1024 } } });
    const { io } = ioAt(NAT);
    await runInit(options({ yes: true, stun: `stun:127.0.0.1:${server.udp.port}` }), io);
    await server.stop();
    expect(io.written.get('/etc/turnserver.conf')).toContain('\nexternal-ip=203.0.113.9/10.0.0.5\n');
  });

  test('refuses a file that is there, before it asks', async () => {
    const { io, questions } = ioAt(NAT, [], { '/etc/turnserver.conf': 'mine' });
    await expect(runInit(options(), io)).rejects.toMatchObject({ code: 'exists' });
    expect(questions).toEqual([]);
    expect(io.written.size).toBe(0);
  });

  test('with --force keeps it beside the new one', async () => {
    const { io } = ioAt(PUBLIC, undefined, { '/etc/turnserver.conf': 'mine' });
    await runInit(options({ force: true }), io);
    expect(io.printed.stdout).toMatch(/kept {2}\/etc\/turnserver\.conf\.\d{8}T\d{6}\.\d{3}Z\n/);
  });

  test('prints the file alone with --output -', async () => {
    const { io } = ioAt(PUBLIC);
    await runInit(options({ output: '-' }), io);
    expect(io.written.size).toBe(0);
    expect(io.printed.stdout).toMatch(/^# turnserver\.conf for coturn/);
    expect(io.printed.stderr).toContain('To do:');
    expect(io.printed.stderr).not.toContain(SECRET.exec(io.printed.stdout)![1]);
  });

  test('prints one JSON document with --json', async () => {
    const { io } = ioAt(NAT);
    await runInit(options({ json: true, externalIp: '203.0.113.9', asVersion: '4.6.1' }), io);
    expect(JSON.parse(io.printed.stdout)).toMatchObject({
      schemaVersion: 1,
      command: 'init',
      path: '/etc/turnserver.conf',
      mode: '0600',
      coturn: { version: '4.6.1', origin: 'asked' },
      listeningIps: ['10.0.0.5'],
      mapping: { privateIp: '10.0.0.5', publicIp: '203.0.113.9' },
      tls: null,
    });
    expect(io.printed.stdout).not.toContain(SECRET.exec(io.written.get('/etc/turnserver.conf')!)![1]);
  });

  test('writes the certificate it is told, and says what is wrong with it', async () => {
    const { io } = ioAt(PUBLIC);
    await runInit(options({ tlsCert: '/etc/no.pem', tlsKey: '/etc/no.key' }), io);
    expect(io.written.get('/etc/turnserver.conf')).toContain('\ncert=/etc/no.pem\npkey=/etc/no.key\n');
    expect(io.printed.stdout.replaceAll(/\s+/g, ' ')).toContain('/etc/no.pem will not do: it does not exist');
  });
});

describe('what init refuses', () => {
  const wrong: readonly [string, Partial<InitFlags>, RegExp][] = [
    ['half a pair', { tlsCert: '/a.pem' }, /go together/],
    ['a path coturn would look for elsewhere', { tlsCert: 'a.pem', tlsKey: 'a.key' }, /absolute path/],
    ['two sources of one address', { externalIp: '203.0.113.9', stun: 'stun:a' }, /exclude each other/],
  ];
  test.each(wrong)('%s', (_, flags, message) => {
    expect(() => options(flags)).toThrow(message);
  });

  test('JSON and the file on one stream', async () => {
    const { io } = ioAt(PUBLIC);
    await expect(runInit(options({ output: '-', json: true }), io)).rejects.toThrow('--json needs a file');
  });
});
