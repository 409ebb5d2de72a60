import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/bundle/redactor.ts';
import { tracesOf } from '../../src/bundle/secret-traces.ts';
import { runCreate } from '../../src/commands/bundle/create.ts';
import { type Host, HostError } from '../../src/host/host.ts';
import { openRecording, recordedHost } from '../../src/host/recorded.ts';
import { type FakeIo, fakeIo, hostWith } from '../support/fake-io.ts';
import { silence } from '../support/silent-net.ts';

let planted = 0;
const secrets: string[] = [];
/** A password as people choose them: no detector of random strings finds it. */
function canary(): string {
  const name = [...String(planted++)].map(digit => 'abcdefghij'[Number(digit)]).join('');
  const secret = `kestrel-${name}-Q`;
  secrets.push(secret);
  return secret;
}
type Place = (secret: string) => string;
const plant = (places: readonly Place[]): readonly string[] => places.map(place => place(canary()));

const CONFIGURATION = plant([
  ...Array.from({ length: 20 }, (): Place => s => `static-auth-secret=${s}`),
  ...Array.from(
    { length: 20 },
    (_, n): Place =>
      s =>
        `user=person${n}:${s}`,
  ),
  s => `static-auth-secret ${s}`,
  s => `static-auth-secret="${s}"`,
  s => `static-auth-secret=${s} # rotated`,
  s => `static-auth-secrt=${s}`,
  s => `secret=${s}`,
  s => `realm=example.org user=alice:${s}`,
  s => `cli-password=${s}`,
  s => `pkey-pwd=${s}`,
  s => `stateless-nonce-secret=${s}`,
  s => `secret-key=${s}`,
  s => `psql-userdb="host=db user=u password=${s} connect_timeout=30"`,
  s => `psql-userdb=postgresql://u:${s}@db/turn`,
  s => `psql-userdb=postgresql://db/turn?user=u&password=${s}`,
  s => `mysql-userdb="host=db dbname=d user=u password='${s}'"`,
  s => `mongo-userdb="mongodb://u:${s}@db:27017/turn"`,
  s => `redis-userdb="ip=127.0.0.1 dbname=2 password=${s} port=6379"`,
  s => `redis-userdb=redis://:${s}@db/2`,
  s => `#static-auth-secret=${s}`,
  s => `# the old one was ${s}`,
  s => `external-ip=user:${s}@203.0.113.1`,
]);
/** Known from the configuration, so that it is found wherever it is repeated. */
const KNOWN = secrets.slice(0, 40);

const ARGV = plant([
  s => `--static-auth-secret\0${s}`,
  s => `--static-auth-secret=${s}`,
  s => `--static-auth-secrt=${s}`,
  s => `-u\0alice:${s}`,
  s => `--user=bob:${s}`,
  s => `--cli-password\0${s}`,
  s => `--pkey-pwd\0${s}`,
  s => `--psql-userdb\0postgresql://u:${s}@db/turn`,
  s => `-N\0ip=127.0.0.1 password=${s}`,
]).flatMap(words => words.split('\0'));

const ENVIRONMENT = plant([
  s => `TURN_SECRET=${s}`,
  s => `DB_PASSWORD=${s}`,
  s => `API_TOKEN=${s}`,
  s => `AWS_SECRET_ACCESS_KEY=${s}`,
  s => `DATABASE_URL=postgresql://turn:${s}@db/turn`,
  s => `REDIS_URL=redis://:${s}@cache/0`,
  s => `SESSION_KEY=${s}`,
  s => `AUTH=${s}`,
]);
const environmentSecrets = secrets.slice(-8);

const UNIT = plant([
  s => `Environment=TURN_SECRET=${s}`,
  s => `Environment="TURN_PASSWORD=${s}"`,
  s => `Environment='API_TOKEN=${s}' OTHER=1`,
  s => `ExecStart=/usr/bin/turnserver --static-auth-secret ${s}`,
  s => `ExecStart=/usr/bin/turnserver --static-auth-secret=${s} -n`,
  s => `ExecStart=/usr/bin/turnserver -u alice:${s}`,
  s => `ExecStartPre=/usr/bin/curl -H "Authorization: Bearer ${s}" https://app.example/`,
  s => `ExecStartPre=/usr/bin/curl https://u:${s}@app.example/`,
  s => `# password: ${s}`,
]);

const MESSAGES: readonly Place[] = [
  s => `0: : ERROR: wrong static-auth-secret=${s}`,
  s => `0: : static-auth-secret ${s}`,
  s => `0: : TURN_SECRET=${s}`,
  s => `0: : user=alice:${s}`,
  s => `0: : Bad configuration format: static-auth-secret=${s}`,
  s => `0: : CONFIGURATION ALERT: Unknown argument: ${s}`,
  s => `0: : Wrong password: ${s}`,
  s => `0: : Cannot open MySQL DB connection: <host=db user=u password='${s}'>, runtime error`,
  s => `0: : Cannot open DB connection: <postgresql://u:${s}@db/turn>, runtime error`,
  s => `GET /turn?token=${s} HTTP/1.1`,
  s => `Authorization: Bearer ${s}`,
  s => `{"username":"1769864400:alice","credential":"${s}","ttl":60}`,
  s => `{\\"password\\":\\"${s}\\"}`,
  s => `mongodb://u:${s}@db:27017/turn`,
  s => `x-api-key: ${s}`,
];
const stamped = (line: string): string => `2026-11-23T13:36:39+0000 srv turnserver[108]: ${line}`;
const encoded = (secret: string): readonly string[] => [
  `saw ${secret} there`,
  `/var/lib/turn/${secret}.db and /srv/${encodeURIComponent(secret)}/x`,
  `base64 ${Buffer.from(`x:${secret}:y`).toString('base64')}`,
  `hex ${Buffer.from(secret).toString('hex')}`,
  JSON.stringify({ a: JSON.stringify({ b: secret }) }),
];
const JOURNAL = [...plant(MESSAGES), ...KNOWN.flatMap(encoded), ...environmentSecrets.flatMap(encoded)].map(
  stamped,
);
const LOG = [...plant(MESSAGES), ...KNOWN.flatMap(encoded)];
const [BACKEND_ARGUMENT, BACKEND_VARIABLE] = [canary(), canary()];
const BACKEND = [
  ...plant(MESSAGES).map(stamped),
  ...[BACKEND_ARGUMENT, BACKEND_VARIABLE].flatMap(encoded).map(stamped),
  ...KNOWN.slice(0, 5).flatMap(encoded).map(stamped),
];
const BACKEND_UNIT = plant([
  s => `Environment=SECRET_KEY_BASE=${s}`,
  s => `Environment=DATABASE_URL=mysql://u:${s}@db/app`,
]);
const RULES = plant([s => `ip saddr 10.0.0.1 accept comment "password=${s}"`]);
const CLIENT_REPORT = JSON.stringify({
  iceServers: [
    { urls: 'turn:t.test', username: '1769864400:alice', credential: canary() },
    { urls: `turn:alice:${canary()}@t.test` },
  ],
  note: `password=${canary()}`,
  nested: { token: canary(), apiKey: canary(), Authorization: `Bearer ${canary()}` },
  sdp: `v=0\r\na=ice-pwd:${canary()}\r\n`,
});
const [API_PASSWORD, API_TOKEN, OWN_SECRET, OWN_PASSWORD] = [canary(), canary(), canary(), canary()];
const MORE = plant(
  Array.from(
    { length: 60 },
    (_, n): Place =>
      s =>
        `APP_SECRET_${n}=${s}`,
  ),
);

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'systemctl --no-pager cat coturn.service': UNIT,
  'systemctl --no-pager cat app.service': BACKEND_UNIT,
  'nft list ruleset': RULES,
  'iptables-save': RULES,
  'ip -brief address': ['lo UNKNOWN 127.0.0.1/8', 'eth0 UP 93.184.216.34/24'],
};

/** The recorded host, with secrets in every place. */
async function plantedHost(): Promise<Host> {
  const recording = await openRecording(join(import.meta.dirname, '../fixtures/hosts/debian-12-healthy'));
  const recorded = recordedHost(recording);
  const argv = ['/usr/bin/turnserver', '-c', '/etc/turnserver.conf', ...ARGV];
  const files: Readonly<Record<string, string>> = {
    '/etc/turnserver.conf': ['realm=example.org', 'use-auth-secret', ...CONFIGURATION].join('\n'),
    '/proc/108/cmdline': `${argv.join('\0')}\0`,
    '/proc/108/environ': `${ENVIRONMENT.join('\0')}\0`,
    '/proc/777/cmdline': `/usr/bin/app\0--api-token\0${BACKEND_ARGUMENT}\0`,
    '/proc/777/environ': `PATH=/bin\0APP_KEY=${BACKEND_VARIABLE}\0`,
    '/etc/app.env': MORE.join('\n'),
    '/etc/machine-id': '0123456789abcdef\n',
  };
  const orMissing = async <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof HostError) throw error;
      throw new HostError('not-found', `${what} does not exist`);
    }
  };
  return {
    ...recorded,
    async run(args, options) {
      const source = args.join(' ');
      const lines = COMMANDS[source];
      const answer = (stdout: readonly string[]) => ({
        ...{ exitCode: 0, stderr: '', truncated: false },
        stdout: `${stdout.join('\n')}\n`,
      });
      if (lines) return answer(lines);
      if (args[0] === 'journalctl') return answer(source.includes('app.service') ? BACKEND : JOURNAL);
      if (args[0] === 'tail') return answer(LOG);
      if (source.startsWith('systemctl show app.service'))
        return answer(['EnvironmentFiles=/etc/app.env', 'MainPID=777']);
      return orMissing(source, () => recorded.run(args, options));
    },
    readFile: async (path, options) =>
      path in files
        ? Buffer.from(files[path] as string)
        : orMissing(path, () => recorded.readFile(path, options)),
    readDirectory: path => orMissing(path, () => recorded.readDirectory(path)),
    readLink: path => orMissing(path, () => recorded.readLink(path)),
    status: path => orMissing(path, () => recorded.status(path)),
  };
}

const api = createServer((_, response) =>
  response.end(
    JSON.stringify({
      username: '1769864400:ophelia',
      password: API_PASSWORD,
      ttl: 60,
      uris: [`turn:x:${API_PASSWORD}@t.test`],
    }),
  ),
);
beforeAll(async () => {
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
});
afterAll(() => api.close());

const newIo = async (): Promise<FakeIo> => ({
  ...fakeIo(),
  localHost: hostWith({
    'client.json': CLIENT_REPORT,
    'secret.txt': OWN_SECRET,
    'password.txt': OWN_PASSWORD,
  }),
  host: await plantedHost(),
  net: silence,
  env: { TURNCTL_TOKEN: API_TOKEN },
});

const options = () => ({
  ...{ timeout: 1, collectorTimeout: 5, output: 'x.tar.gz', backendUnit: 'app.service' },
  ...{
    clientReport: 'client.json',
    secretFile: ['secret.txt'],
    user: 'desdemona',
    passwordFile: 'password.txt',
  },
  api: `http://127.0.0.1:${(api.address() as AddressInfo).port}/turn`,
});

describe('two hundred secrets in every place where one can be', () => {
  let io: FakeIo;
  let archive: string;
  beforeAll(async () => {
    io = await newIo();
    expect(await runCreate(options(), io)).toBe(0);
    archive = gunzipSync(Buffer.from(io.written.get('x.tar.gz') as string, 'latin1')).toString();
  });

  test('are that many', () => expect(secrets.length).toBeGreaterThanOrEqual(200));

  test('none is in the archive, in any encoding', () => {
    const found = secrets.filter(secret => tracesOf(secret).some(trace => archive.includes(trace)));
    const lines = archive.split('\n').filter(line => found.some(secret => line.includes(secret)));
    expect({ found, lines: lines.slice(0, 5) }).toEqual({ found: [], lines: [] });
  });

  test('none is in what is printed', () => {
    const printed = io.printed.stdout + io.printed.stderr;
    expect(secrets.filter(secret => printed.includes(secret))).toEqual([]);
  });

  test('what is evidence still is there', () => {
    for (const evidence of [
      'Wrong password: ***',
      'Cannot open MySQL DB connection',
      'ExecStart=/usr/bin/turnserver',
      'GET /turn?token=***',
      '"Authorization": "***"',
      'static-auth-secret=',
    ]) {
      expect(archive).toContain(evidence);
    }
  });

  test('no user name and no public address is in it, and the map has both', () => {
    expect(archive).not.toMatch(/ophelia|desdemona|93\.184\.216\.34/);
    const map = JSON.parse(io.written.get('x.tar.gz.private.json') as string);
    expect(Object.values(map.users)).toEqual(expect.arrayContaining(['ophelia', 'alice']));
    expect(Object.values(map.addresses)).toContain('93.184.216.34');
  });
});

const BROKEN: Readonly<Record<string, typeof createRedactor>> = {
  'does nothing to a text': input => ({ ...createRedactor(input), text: text => text }),
  'does nothing at all': input => ({
    ...createRedactor(input),
    ...{ text: text => text, json: value => value, foreignJson: value => value },
  }),
  'knows no secret': input => createRedactor({ ...input, secrets: [] }),
  'puts one into the report, in base64': input => ({
    ...createRedactor(input),
    json: value => ({ ...value, note: Buffer.from(`x${input.secrets[0]}`).toString('base64') }),
  }),
  'tells one where a file comes from': input => ({
    ...createRedactor(input),
    text: text => text.replaceAll('journalctl', `${input.secrets[1]}`),
  }),
};

for (const [name, makeRedactor] of Object.entries(BROKEN)) {
  test(`a redactor that ${name}: the archive is refused, and nothing is written`, async () => {
    const io = await newIo();
    const error = await runCreate(options(), io, makeRedactor).catch(caught => caught);
    expect(error).toBeInstanceOf(HostError);
    expect(error.message).toMatch(/^a secret was found in [\w./-]+ of the finished archive: it was deleted$/);
    expect(secrets.filter(secret => error.message.includes(secret))).toEqual([]);
    expect(io.written.size).toBe(0);
    expect(io.printed.stdout).toBe('');
  });
}
