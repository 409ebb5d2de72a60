import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArchive } from '../../src/bundle/read-archive.ts';
import { Keys } from '../../src/capture/keys.ts';
import { readInput } from '../../src/capture/read-input.ts';
import type { Manifest } from '../../src/model/bundle.ts';
import { labAvailable } from '../lab/available.ts';
import { bundle } from '../lab/bundle.ts';
import { type CoturnLab, REALM, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { outside, PROGRAM } from '../lab/turnctl.ts';
import { SECRET_FORMS } from '../support/secret-forms.ts';

const available = labAvailable();

const LETTERS = 'abcdefghij';
let planted = 0;
const places = new Map<string, string[]>();

/** A secret as people choose them, noted under the place it is planted in. */
function canary(place: string): string {
  const name = [...String(100 + planted++)].map(digit => LETTERS[Number(digit)]).join('');
  const secret = `kestrel-${name}-Q`;
  places.set(place, [...(places.get(place) ?? []), secret]);
  return secret;
}
const several = (place: string, count: number): readonly string[] =>
  Array.from({ length: count }, () => canary(place));

/** Each written by the next of the ways. */
const written = (place: string, count: number, ways: readonly ((secret: string) => string)[]) =>
  several(place, count).map((secret, i) => ways[i % ways.length]!(secret));

const KNOWN = several('configuration', 20);
const CONFIGURATION = [
  ...KNOWN.map((secret, i) => (i < 10 ? `static-auth-secret=${secret}` : `user=person${i}:${secret}`)),
  ...written('comment', 10, [s => `#static-auth-secret=${s}`, s => `# the old one was ${s}`]),
  ...written('database string', 12, [
    s => `#psql-userdb="host=db user=u password=${s} connect_timeout=30"`,
    s => `#psql-userdb=postgresql://u:${s}@db/turn`,
    s => `#redis-userdb=redis://:${s}@db/2`,
    s => `#mongo-userdb="mongodb://u:${s}@db:27017/turn"`,
  ]),
  ...written('database string', 1, [s => `redis-statsdb="ip=127.0.0.1 dbname=2 password=${s} port=6379"`]),
  ...written('misspelt option', 10, [s => `static-auth-secrt=${s}`, s => `my-own-secret=${s}`]),
];

const MESSAGES: readonly ((secret: string) => string)[] = [
  s => `ERROR: wrong static-auth-secret=${s}`,
  s => `user=alice:${s}`,
  s => `Cannot open DB connection: <postgresql://u:${s}@db/turn>, runtime error`,
  s => `GET /turn?token=${s} HTTP/1.1`,
  s => `Authorization: Bearer ${s}`,
  s => `{"username":"1769864400:alice","credential":"${s}","ttl":60}`,
  s => `mongodb://u:${s}@db:27017/turn`,
  s => `x-api-key: ${s}`,
];
const inEveryForm = (secret: string): readonly string[] =>
  Object.values(SECRET_FORMS).map(write => `saw ${write(secret)} there`);

const APP_VARIABLES = written('environment', 12, [
  s => `TURN_SECRET=${s}`,
  s => `DB_PASSWORD=${s}`,
  s => `API_TOKEN=${s}`,
  s => `DATABASE_URL=postgresql://turn:${s}@db/turn`,
]).map((line, i) => line.replace('=', `_${i}=`));
const ENVIRONMENT_FILE = written('environment file', 12, [
  s => `AWS_SECRET_ACCESS_KEY=${s}`,
  s => `SMTP_PASSWORD=${s}`,
]).map((line, i) => line.replace('=', `_${i}=`));
const DROP_IN = written('unit drop-in', 12, [
  s => `Environment=TURN_SECRET=${s}`,
  s => `Environment="TURN_PASSWORD=${s}"`,
  s => `# password: ${s}`,
  s => `X-Note=https://u:${s}@app.example/`,
]);
const ARGUMENTS = written('command line', 6, [s => `--cli-password ${s}`, s => `-u alice:${s}`]);
const APP_ARGUMENTS = written('command line', 6, [s => `--api-token ${s}`, s => `https://u:${s}@db/x`]);
const LOG = written('log', 24, MESSAGES);
const JOURNAL = written('journal', 24, MESSAGES);
const URIS = written('URI', 10, [
  s => `turn:alice:${s}@turn.test?transport=udp`,
  s => `https://app.example/?password=${s}`,
  s => `redis://:${s}@cache/0`,
]);
const FILE_NAMES = several('file name', 6);
const DATABASE = several('sqlite', 8);
const ON_THE_WIRE = several('client traffic', 24);
const ANSWERED = several('API answer', 6);
const RULES = several('firewall comment', 4);
const NAMED_PASSWORD = canary('given to turnctl');
const API_TOKEN = canary('given to turnctl');

const TIMED = ['1999999999:ophelia', '1999999998:iago'];
const PASSWORDS = TIMED.map(name => createHmac('sha1', SECRET).update(name).digest('base64'));
/** Of the first user of the configuration, as turnadmin and its database write it. */
const KEY = createHash('md5').update(`person10:${REALM}:${KNOWN[10]}`).digest('hex');

/** The application: answers with a credential, and writes to its journal whatever it should not. */
const APP = `
const lines = JSON.parse(require('fs').readFileSync('/opt/app/lines.json', 'utf8'));
for (const line of lines) console.log(line);
require('http').createServer((request, response) => response.end(JSON.stringify({
  username: '${TIMED[0]}', password: '${PASSWORDS[0]}', ttl: 60, realm: '${REALM}',
  uris: ['turn:203.0.113.10:3478?transport=udp', ...${JSON.stringify(ANSWERED)}.map(s => 'turn:u:' + s + '@203.0.113.10:3478')],
  secret: '${ANSWERED[0]}', debug: 'password=${ANSWERED[1]}',
}))).listen(8080, '127.0.0.1', () => console.log('ready'));
`;

describe.skipIf(available !== true)(`secrets of a host${available === true ? '' : ` (${available})`}`, () => {
  let lab: CoturnLab;
  let folder: string;
  let manifest: Manifest;
  let archive: Buffer;
  let members: ReadonlyMap<string, Buffer>;
  let printed: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'turnctl-secrets-'));
    lab = await startCoturnLab();
    await plant();
    const stop = join(folder, 'stop');
    const client = join(folder, 'client.mjs');
    writeFileSync(client, await bundle('telling-client.ts'));
    const traffic = outside(lab.out).exec([
      process.execPath,
      client,
      '203.0.113.10',
      SECRET,
      stop,
      ...ON_THE_WIRE,
    ]);
    const words = ['bundle', 'create', '--json', '--output', '/tmp/b.tar.gz', '--pcap', '--keep-addresses'];
    const given = '--user desdemona --password-file /root/password --api http://127.0.0.1:8080/turn';
    const result = await lab.host.exec(
      [...PROGRAM, ...words, ...given.split(' '), '--backend-unit', 'app.service'],
      {
        env: { ...lab.trust.onHost, TURNCTL_TOKEN: API_TOKEN, TURNCTL_SECRET: SECRET },
      },
    );
    writeFileSync(stop, '');
    expect(await traffic).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    printed = result.stdout;
    manifest = JSON.parse(printed).manifest;
    archive = Buffer.from(await lab.host.must(['base64', '/tmp/b.tar.gz']), 'base64');
    const files = readArchive(archive);
    if ('malformed' in files) throw new Error(files.malformed);
    members = new Map(files.map(({ path, content }) => [path, Buffer.from(content)]));
  }, 120_000);
  afterAll(async () => {
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function plant(): Promise<void> {
    const { host } = lab;
    await host.must(['mkdir', '-p', '/etc/systemd/system/coturn.service.d', '/opt/app']);
    for (const name of FILE_NAMES) await host.must(['touch', `/var/log/turnserver/${name}.db`]);
    await host.must(['nft', 'add table inet notes { chain c { }; }']);
    for (const secret of RULES)
      await host.must(['nft', `add rule inet notes c counter comment "password=${secret}"`]);
    const database = '/var/lib/turn/kept.sqlite';
    await host.must(['install', '-d', '-o', 'turnserver', '/var/lib/turn']);
    await host.must(['install', '-o', 'turnserver', '/var/lib/turn/turndb', database]);
    for (const [i, secret] of DATABASE.entries()) {
      const account =
        i % 2 === 0 ? ['-s', secret, '-r', REALM] : ['-a', '-u', `kept${i}`, '-p', secret, '-r', REALM];
      await host.must(['turnadmin', '-b', database, ...account]);
    }
    host.writeFile('/root/password', `${NAMED_PASSWORD}\n`);
    host.writeFile(
      '/etc/systemd/system/coturn.service.d/secrets.conf',
      [
        '[Service]',
        ...DROP_IN,
        ...JOURNAL.slice(0, 12).map((_, i) => `ExecStartPre=-/bin/cat /opt/app/journal-${i}`),
        'ExecStart=',
        `ExecStart=/usr/bin/turnserver -c /etc/turnserver.conf --pidfile= ${ARGUMENTS.join(' ')}`,
      ].join('\n'),
    );
    for (const [i, line] of JOURNAL.slice(0, 12).entries())
      host.writeFile(`/opt/app/journal-${i}`, `${line}\n`);
    host.writeFile('/opt/app/app.js', APP);
    host.writeFile(
      '/opt/app/lines.json',
      JSON.stringify([
        ...JOURNAL.slice(12),
        ...URIS,
        ...KNOWN.slice(0, 4).flatMap(inEveryForm),
        ...inEveryForm(APP_VARIABLES[0]!.split('=')[1]!),
        ...[...PASSWORDS, KEY].flatMap(made => [
          `issued ${made}`,
          encodeURIComponent(made),
          `${made.slice(0, 14)}\n${made.slice(14)}`,
        ]),
        ...TIMED.map(name => `for ${name}`),
        `read ${FILE_NAMES.map(name => `/var/log/turnserver/${name}.db?token=${name}`).join(', ')}`,
      ]),
    );
    host.writeFile('/etc/app.env', ENVIRONMENT_FILE.join('\n'));
    host.writeFile(
      '/etc/systemd/system/app.service',
      [
        '[Service]',
        ...APP_VARIABLES.map(variable => `Environment=${variable}`),
        'EnvironmentFile=/etc/app.env',
        `ExecStart=${process.execPath} /opt/app/app.js ${APP_ARGUMENTS.join(' ')}`,
      ].join('\n'),
    );
    await host.must(['systemctl', 'daemon-reload']);
    await host.must(['systemctl', 'start', 'app']);
    await restartCoturn(host, [...SOUND, `userdb=${database}`, 'mobility', ...CONFIGURATION]);
    await plantLog();
  }

  /** Longer than the extract, which begins in the middle of a secret. */
  async function plantLog(): Promise<void> {
    const { host } = lab;
    const path = '/var/log/turnserver/turn.log';
    const half = canary('log');
    const lines = [...LOG.map(line => `0: : ${line}`), ...KNOWN.slice(4, 8).flatMap(inEveryForm)].join('\n');
    const rest = 256 * 1024 - Buffer.byteLength(lines) - 7;
    const padding = `${'0: : session 001000000000000001: usage: realm=<x>, username=<>\n'.repeat(5000).slice(0, rest - 1)}\n`;
    host.writeFile('/tmp/more', `0: : token ${half}\n${padding}${lines}\n`);
    await host.must(['sh', '-c', `cat /tmp/more >>${path}`]);
  }

  test('are planted in every place, two hundred in all', () => {
    expect(Object.fromEntries([...places].map(([place, secrets]) => [place, secrets.length]))).toMatchObject({
      configuration: 20,
      'command line': 12,
      environment: 12,
      'unit drop-in': 12,
      journal: 24,
      log: 25,
      URI: 10,
      'database string': 13,
      'client traffic': 24,
      'API answer': 6,
      'file name': 6,
    });
    expect([...places.values()].flat().length).toBeGreaterThanOrEqual(200);
  });

  test('reached where they were planted', async () => {
    const { host } = lab;
    const journal = await host.must(['journalctl', '-u', 'app', '-u', 'coturn', '-o', 'cat']);
    for (const line of [...JOURNAL, ...URIS]) expect(journal).toContain(line);
    const log = host.readFile('/var/log/turnserver/turn.log');
    for (const line of LOG) expect(log).toContain(line);
    expect(ON_THE_WIRE.filter(secret => log.includes(secret)).length).toBeGreaterThan(0);
  });

  test('none is in the archive, in any encoding', () => {
    const tar = gunzipSync(archive).toString('latin1');
    const found = [...places].flatMap(([place, secrets]) =>
      secrets.flatMap(secret =>
        Object.entries({ plain: (s: string) => s, ...SECRET_FORMS, ...BASE64 })
          .filter(([, write]) => tar.includes(write(secret)))
          .map(([form]) => `${place}: ${secret} as ${form}`),
      ),
    );
    expect(found).toEqual([]);
    // Not even the part that all of them share.
    expect(
      tar.split('\n').filter(line => /kestrel|6b65737472656c|a2VzdHJl|tlc3RyZW|rZXN0cmVs/i.test(line)),
    ).toEqual([]);
  });

  test('nor is what can be made of them, nor the secret of the server', () => {
    const tar = gunzipSync(archive).toString('latin1');
    const made = [SECRET, KEY, ...PASSWORDS];
    expect(
      made.filter(secret =>
        [secret, encodeURIComponent(secret), secret.slice(0, 14)].some(form => tar.includes(form)),
      ),
    ).toEqual([]);
  });

  test('none is in the capture, which holds the probes', () => {
    const capture = members.get('wire/probes.pcapng');
    expect(capture?.toString('latin1')).not.toMatch(/kestrel|desdemona/);
    const read = readInput(capture as Buffer, new Keys(), 10_000);
    if ('problem' in read) throw new Error(read.problem);
    const stun = read.entries.flatMap(({ message }) => (message.kind === 'stun' ? [message] : []));
    expect(stun.length).toBeGreaterThan(20);
    expect(stun.flatMap(({ defects }) => defects)).toEqual([]);
    expect(JSON.stringify(read.entries)).toContain('*********');
  });

  test('none is printed', () => expect(printed).not.toMatch(/kestrel/));

  test('what is evidence still is there', () => {
    const text = (path: string) => members.get(path)?.toString() ?? '';
    expect(text('service/log.txt')).toMatch(/^\(cut off here\)\n0: : session/);
    expect(text('service/log.txt')).toContain('Cannot open DB connection: <postgresql://u:***@db/turn>');
    expect(text('service/unit.txt')).toContain('ExecStart=/usr/bin/turnserver -c /etc/turnserver.conf');
    expect(text('backend/journal.txt')).toContain('GET /turn?token=*** HTTP/1.1');
    expect(text('config/turnserver.conf')).toContain('listening-ip=203.0.113.10');
    expect(manifest.redactions.addresses).toBeNull();
  });

  test('lie in a file for its owner alone, and nothing else is left behind', async () => {
    expect((await lab.host.must(['stat', '-c', '%a %U', '/tmp/b.tar.gz'])).trim()).toBe('600 root');
    const left = await lab.host.must([
      'sh',
      '-c',
      'ls -A /tmp /root | grep -iE "turnctl|bundle|b\\.tar" | sort',
    ]);
    expect(left.trim().split('\n')).toEqual(['b.tar.gz', 'b.tar.gz.private.json']);
  });
});

/** At each of the three offsets. */
const BASE64: Readonly<Record<string, (secret: string) => string>> = Object.fromEntries(
  [0, 1, 2].map(offset => [
    `base64 ${offset} bytes in`,
    (secret: string) =>
      Buffer.from('x'.repeat(offset) + secret)
        .toString('base64')
        .slice(4, -4),
  ]),
);
