import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../src/cli/main.ts';
import { runDiagnose } from '../src/commands/diagnose.ts';
import type { Io } from '../src/commands/io.ts';
import { runLint } from '../src/commands/lint.ts';
import { FORMATS } from '../src/commands/options.ts';
import { openRecording, recordedHost } from '../src/host/recorded.ts';
import type { HostRecording } from '../src/host/recording.ts';
import { fakeIo } from './support/fake-io.ts';
import { silence } from './support/silent-net.ts';

/** A password as people choose them: no detector of random strings finds it. */
const canary = (number: number): string =>
  `kestrel-${[...String(number)].map(digit => 'abcdefghij'[Number(digit)]).join('')}-Q`;

/** As it would be found in an output that encodes what it prints. */
function traces(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // Within longer text base64 starts at any of three offsets; the characters at the edges belong to others too.
  const base64 = [0, 1, 2].map(offset => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, escaped, encodeURIComponent(secret), bytes.toString('hex'), ...base64])];
}

function expectNone(output: string, secrets: readonly string[]): void {
  const found = secrets.filter(secret => traces(secret).some(trace => output.includes(trace)));
  const lines = output.split('\n').filter(line => found.some(secret => line.includes(secret)));
  expect({ found, lines: lines.slice(0, 5) }).toEqual({ found: [], lines: [] });
}

const report = { failOn: 'never', asVersion: '4.6.1' } as const;

describe('turnserver.conf', () => {
  const lines: ((secret: string) => string)[] = [
    s => `static-auth-secret=${s}`,
    s => `static-auth-secret ${s}`,
    s => `static-auth-secret = ${s}`,
    s => `static-auth-secret="${s}"`,
    s => `static-auth-secret='${s}'`,
    s => `static-auth-secret=${s} # rotated`,
    s => `static-auth-secret=old # was ${s}`,
    s => `static-auth-secret=${s};`,
    s => `static-auth-secret=${s}\r`,
    s => `static-auth-secret=${s}\u001b[0m`,
    s => `static-auth-secret:${s}`,
    s => `static-auth-secret: ${s}`,
    s => `--static-auth-secret=${s}`,
    s => `-static-auth-secret ${s}`,
    s => `static_auth_secret=${s}`,
    s => `static-auth-secrt=${s}`,
    s => `sttic-auth-scret=${s}`,
    s => `auth-secret=${s}`,
    s => `secret=${s}`,
    s => `use-auth-secret=${s}`,
    s => `use-auth-secret ${s}`,
    s => `lt-cred-mech=${s}`,
    s => `no-cli=${s}`,
    s => `no-stun ${s}`,
    s => `realm=example.org static-auth-secret=${s}`,
    s => `realm=example.org user=alice:${s}`,
    s => `realm=example.org, secret ${s}`,
    s => `min-port=49152 user=alice:${s}`,
    s => `realm=example.org;static-auth-secret=${s}`,
    s => `log-file=/var/log/turn.log user alice:${s}`,
    s => `user=alice:${s}`,
    s => `user alice:${s}`,
    s => `user="alice:${s}"`,
    s => `user=alice: ${s}`,
    s => `user=alice ${s}`,
    s => `user=alice=${s}`,
    s => `user=${s}`,
    s => `user:alice:${s}`,
    s => `usr=alice:${s}`,
    s => `users=alice:${s}`,
    s => `alice:${s}`,
    s => `cli-password=${s}`,
    s => `cli-passwd=${s}`,
    s => `pkey-pwd=${s}`,
    s => `pkey-password=${s}`,
    s => `stateless-nonce-secret=${s}`,
    s => `secret-key=${s}`,
    s => `psql-userdb="host=db user=u password=${s} connect_timeout=30"`,
    s => `psql-userdb=postgresql://u:${s}@db/turn`,
    s => `psql-userdb=postgresql://db/turn?user=u&password=${s}`,
    s => `mysql-userdb="host=db dbname=d user=u password='${s}'"`,
    s => `mysql-userdb=host=db pass=${s}`,
    s => `mysql-userdb=u:${s}@db`,
    s => `mongo-userdb="mongodb://u:${s}@db:27017/turn"`,
    s => `redis-userdb="ip=127.0.0.1 dbname=2 password=${s} port=6379"`,
    s => `redis-statsdb=ip=127.0.0.1 auth=${s}`,
    s => `redis-userdb=redis://:${s}@db/2`,
    s => `userdb=/var/lib/turn?key=${s}`,
    s => `acme-redirect=https://u:${s}@x.example`,
    s => `external-ip=user:${s}@203.0.113.1`,
    s => `password ${s}`,
    s => `token=${s}`,
    s => `api_key: ${s}`,
    s => `export TURN_SECRET=${s}`,
    s => `TURN_SECRET=${s}`,
    s => `- TURN_SECRET=${s}`,
    s => `"static-auth-secret": "${s}",`,
    s => `[auth] secret=${s}`,
    s => `; static-auth-secret=${s}`,
    s => `// static-auth-secret=${s}`,
    s => `# static-auth-secret=${s}`,
    s => `#static-auth-secret=${s}`,
    s => `# turnctl-ignore auth/weak-secret: secret=${s} goes on Friday`,
    s => `cipher-list=${'x'.repeat(1011)}static-auth-secret=${s}`,
    s => `static-auth-secret=${'x'.repeat(1010)}${s}${s}`,
    s => `user=alice:${'x'.repeat(1012)}=${s} more ${s}`,
    s => `\ufeffstatic-auth-secret=${s}`,
    s => `\u00a0static-auth-secret=${s}`,
    s => `realm=x\rstatic-auth-secret=${s}`,
    s => `realm=x\0static-auth-secret=${s}`,
  ];
  const secrets = lines.map((_, number) => canary(number));
  const each = lines.map((line, number) => line(secrets[number]!));
  const files = {
    '/whole.conf': each.join('\n'),
    ...Object.fromEntries(each.map((line, number) => [`/${number}.conf`, `listening-port=3478\n${line}\n`])),
  };
  for (const format of FORMATS) {
    test(format, async () => {
      const io = fakeIo(files);
      for (const path of Object.keys(files)) await runLint({ ...report, files: [path], format }, io);
      expect(io.printed.stdout.length).toBeGreaterThan(1000);
      expectNone(io.printed.stdout + io.printed.stderr, secrets);
    });
  }
});

type Command = HostRecording['commands'][number];

/** The recorded host, with the output of programs and the content of files changed. */
async function changedHost(
  name: string,
  {
    command,
    files,
  }: {
    command: (name: string, lines: readonly string[]) => readonly string[];
    files: Record<string, string[]>;
  },
) {
  const recording = await openRecording(join(import.meta.dirname, 'fixtures/hosts', name));
  const changed = (recorded: Command): Command =>
    'stdout' in recorded ? { ...recorded, stdout: command(recorded.argv[0]!, recorded.stdout) } : recorded;
  const texts = Object.entries(files).map(([path, text]) => [path, { text }]);
  const absent = { error: { code: 'not-found', message: 'turnctl.ini does not exist' } } as const;
  return recordedHost({
    ...recording,
    commands: recording.commands.map(changed),
    files: { ...recording.files, 'turnctl.ini': absent, ...Object.fromEntries(texts) },
  });
}

const diagnosis = { timeout: 1, failOn: 'never' } as const;

describe('a host', () => {
  const argvs: ((secret: string) => string[])[] = [
    s => ['--static-auth-secret', s],
    s => [`--static-auth-secret=${s}`],
    s => ['--static-auth-s', s],
    s => [`--static-a=${s}`],
    s => ['--static-auth-secrt', s],
    s => [`--static-auth-secrt=${s}`],
    s => [`--auth-secret=${s}`],
    s => [`--use-auth-secret=${s}`],
    s => ['-u', `alice:${s}`],
    s => [`-ualice:${s}`],
    s => ['-avu', `alice:${s}`],
    s => ['--user', `alice:${s}`],
    s => [`--user=alice:${s}`],
    s => ['--us', `alice:${s}`],
    s => [`--us=alice:${s}`],
    s => ['--users', `alice:${s}`],
    s => ['--cli-password', s],
    s => [`--cli-pass=${s}`],
    s => ['--pkey-pwd', s],
    s => ['--pkey-p', s],
    s => ['--stateless-nonce-secret', s],
    s => ['-e', `host=db user=u password=${s} connect_timeout=30`],
    s => ['-M', `host=db dbname=d user=u password='${s} ${s}'`],
    s => [`--mysql-userdb=host=db password="${s}"`],
    s => ['--psql-userdb', `postgresql://u:${s}@db/turn`],
    s => ['-J', `mongodb://u:${s}@db/turn`],
    s => ['-N', `ip=127.0.0.1 password=${s}`],
    s => ['-O', `ip=127.0.0.1 password=${s}`],
    s => ['--', `--static-auth-secret=${s}`],
  ];
  const texts: ((secret: string) => string)[] = [
    s => `0: : ERROR: wrong static-auth-secret=${s}`,
    s => `0: : static-auth-secret ${s}`,
    s => `0: : static-auth-secret: '${s}'`,
    s => `0: : static_auth_secret="${s}"`,
    s => `0: : TURN_SECRET=${s}`,
    s => `0: : user=alice:${s}`,
    s => `0: : Unknown boolean value: ${s}. You can use on/off, yes/no, 1/0, true/false.`,
    s => `0: : Bad configuration format: static-auth-secret=${s}`,
    s => `0: : Check config! The following line ends with semicolon: "static-auth-secrt=${s};"`,
    s => `0: : CONFIGURATION ALERT: Unknown argument: ${s}`,
    s => `0: : Wrong password: ${s}`,
    s => `0: : Cannot open MySQL DB connection: <host=db user=u password='${s}'>, runtime error`,
    s => `0: : Cannot open DB connection: <postgresql://u:${s}@db/turn>, runtime error`,
    s => `turnserver --static-auth-secret ${s} -n`,
    s => `turnserver -n -u alice:${s}`,
    s => `GET /turn?token=${s} HTTP/1.1`,
    s => `Authorization: Bearer ${s}`,
  ];
  const args = argvs.map((_, number) => canary(1000 + number));
  const argv = [
    '/usr/bin/turnserver',
    '-c',
    '/etc/turnserver.conf',
    ...argvs.flatMap((words, n) => words(args[n]!)),
  ];
  const logged = texts.map((_, number) => canary(2000 + number));
  const journal = texts.map((text, n) => `2026-11-23T13:36:39+0000 srv turnserver[108]: ${text(logged[n]!)}`);
  const inUnit = [canary(3000), canary(3001)];
  const inFile = ['kestrelwing', 'kestrel wing', 'Kestrel/Wing+4==', 'kestrel"wing&x<y'];

  const commands: Record<string, (lines: readonly string[]) => readonly string[]> = {
    systemctl: lines =>
      lines
        .map(line =>
          line.startsWith('ExecStart=')
            ? `ExecStart={ path=${argv[0]} ; argv[]=${argv.join(' ')} ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }`
            : line,
        )
        .map(line =>
          line === 'Environment=' ? `Environment=SECRET=${inUnit[0]} TURNCTL_SECRET=${inUnit[1]}` : line,
        ),
    // What coturn logs may repeat a secret in any words.
    journalctl: lines => [
      ...lines,
      ...journal,
      ...inFile.map(s => `2026-11-23T13:36:39+0000 srv turnserver[108]: 9: : saw ${s} there`),
    ],
    tail: lines => [
      ...lines,
      ...texts.map((text, n) => text(logged[n]!)),
      ...inFile.map(s => `9: : saw ${s} there`),
    ],
  };
  const files = {
    '/proc/108/cmdline': [`${argv.join('\0')}\0`],
    '/etc/turnserver.conf': [
      'realm=example.org',
      'use-auth-secret',
      `static-auth-secret=${inFile[0]}`,
      `static-auth-secret=${inFile[2]}`,
      `static-auth-secrt=${inFile[3]}`,
      `user=alice:${inFile[1]}`,
    ],
  };
  for (const format of FORMATS) {
    test(format, async () => {
      const host = await changedHost('debian-12-healthy', {
        command: (name, lines) => commands[name]?.(lines) ?? lines,
        files,
      });
      const io = { ...fakeIo(), host, net: silence };
      await runDiagnose({ ...diagnosis, format }, io);
      expectNone(io.printed.stdout + io.printed.stderr, [...args, ...logged, ...inUnit, ...inFile]);
    });
  }
});

describe('the credential endpoint', () => {
  const secret = canary(4000);
  const answers: [name: string, status: number, body: string][] = [
    [
      'sound',
      200,
      JSON.stringify({ username: '1769864400:alice', password: secret, ttl: 60, uris: ['turn:t.test'] }),
    ],
    [
      'user in a URI',
      200,
      JSON.stringify({
        password: secret,
        uris: [`turn:alice:${secret}@t.test`, `turns:t.test?password=${secret}`],
      }),
    ],
    ['no JSON', 200, `password is ${secret}`],
    ['error', 500, `{"password": "${secret}"`],
    ['redirect', 302, secret],
  ];
  for (const [name, status, body] of answers) {
    for (const format of FORMATS) {
      test(`${name}, ${format}`, async () => {
        const server = createServer((_, response) =>
          response
            .writeHead(
              status,
              status === 302 ? { location: `http://x:${secret}@127.0.0.1:1/?token=${secret}` } : {},
            )
            .end(body),
        ).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/turn?token=${secret}`;
        const io = { ...fakeIo(), net: silence };
        await runDiagnose({ ...diagnosis, format, target: 'turn:t.test', api }, io);
        server.close();
        expectNone(io.printed.stdout + io.printed.stderr, [secret]);
      });
    }
  }
});

describe('what the operator types', () => {
  const secret = canary(5000);
  const mistakes: readonly string[][] = [
    ['diagnose', '--secret', secret],
    ['diagnose', `--secret=${secret}`],
    ['diagnose', `--static-auth-secret=${secret}`],
    ['diagnose', `--pasword=${secret}`],
    ['diagnose', `--password=${secret}`],
    ['diagnose', '--user', 'alice', '--password', secret],
    ['diagnose', '--user', `alice:${secret}`],
    ['diagnose', `turn:alice:${secret}@turn.example.org`],
    ['diagnose', `turn:turn.example.org?password=${secret}`],
    ['diagnose', '--api', `ftp://alice:${secret}@x.example/?token=${secret}`],
    ['diagnose', '--api', `https://alice:${secret}@x.example/`],
    ['diagnose', '--api', `alice:${secret}@x.example`],
    ['diagnose', '--api', `https://alice:${secret}@x.example:port/`],
    ['probe', 'turn', `turn:alice:${secret}@turn.example.org`],
    ['probe', 'turn', 'turn:127.0.0.1:1', `--token=${secret}`],
    ['lint', `--token=${secret}`],
    [`--secret=${secret}`, 'diagnose'],
  ];
  for (const args of mistakes) {
    test(args.join(' ').replaceAll(secret, 'SECRET'), async () => {
      const io = { ...fakeIo(), net: silence };
      expect(await main(['node', 'turnctl', ...args], io)).not.toBe(0);
      expectNone(io.printed.stdout + io.printed.stderr, [secret]);
    });
  }

  const environment = {
    TURNCTL_SECRET: canary(6000),
    TURNCTL_PASSWORD: canary(6001),
    TURNCTL_TOKEN: canary(6002),
  };
  test('a token that no header may hold', async () => {
    const io = { ...fakeIo(), net: silence, env: { TURNCTL_TOKEN: `${secret}\u0001` } };
    expect(
      await main(['node', 'turnctl', 'diagnose', 'turn:t.test', '--api', 'http://127.0.0.1:1/'], io),
    ).toBe(2);
    expectNone(io.printed.stdout + io.printed.stderr, [secret]);
  });

  for (const format of FORMATS) {
    test(`the environment, ${format}`, async () => {
      const io: Io = { ...fakeIo(), net: silence, env: environment };
      const options = {
        ...diagnosis,
        format,
        target: 'turn:t.test',
        user: 'alice',
        api: 'http://127.0.0.1:1/',
      };
      await runDiagnose(options, io);
      const { printed } = io as ReturnType<typeof fakeIo>;
      expectNone(printed.stdout + printed.stderr, [canary(6000), canary(6001), canary(6002)]);
    });
  }
});
