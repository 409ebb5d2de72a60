import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { parseArguments } from '../../src/config/parse-arguments.ts';
import { configFact, traitsOf } from '../../src/config/redact.ts';
import { secretsOf } from '../../src/config/secrets.ts';
import { readBoolean } from '../../src/config/values.ts';

const fact = (text: string) => configFact(parseConfig(Buffer.from(text), 'x'), { foundBy: 'asked' });
const source = (text: string): string =>
  fact(text)
    .entries.map(entry => entry.source)
    .join('\n');

describe('what is masked', () => {
  const cases: [string, string][] = [
    ['static-auth-secret=abc-1', 'static-auth-secret=*****'],
    ['static-auth-secret="ab c" # x', 'static-auth-secret="** *" # *'],
    ["static-auth-secret='abc'", "static-auth-secret='***'"],
    ['cli-password=$5$abc', 'cli-password=******'],
    ['pkey-pwd x', 'pkey-pwd *'],
    ['stateless-nonce-secret=x', 'stateless-nonce-secret=*'],
    ['user=joe:pw:x', 'user=joe:****'],
    ['user="joe:p w"', 'user="joe:* *"'],
    ['user=joe:0xabcd', 'user=joe:0x****'],
    ['user=joepw', 'user=*****'],
    [
      'psql-userdb="host=db user=joe password=pw connect_timeout=30"',
      'psql-userdb="host=db user=joe password=** connect_timeout=30"',
    ],
    ["psql-userdb=host=db password='a b' user=x", "psql-userdb=host=db password='* *' user=x"],
    ['psql-userdb=postgresql://joe:p@w@db:5432/turn', 'psql-userdb=postgresql://joe:***@db:5432/turn'],
    ['mongo-userdb=mongodb://joe:pw@db/x?password=y', 'mongo-userdb=mongodb://joe:**@db/x?password=*'],
    ['redis-statsdb=ip=127.0.0.1 dbname=0 password=pw', 'redis-statsdb=ip=127.0.0.1 dbname=0 password=**'],
    ['acme-redirect=http://joe:pw@x/', 'acme-redirect=http://joe:**@x/'],
    ['static_auth_secret=abc', 'static_auth_secret=***'],
    ['secret_key=12345', 'secret_key=*****'],
    ['user:joe:pw', 'user:******'],
    ['something=hidden', 'something=******'],
    ['Zm9vYmFyYmF6MTIzNDU2', '********************'],
    ['realm=ex.org # pw is x', 'realm=ex.org # ** ** *'],
    ['min-port=50000 // joe', 'min-port=50000 // ***'],
    ['realm=ex.org\rstatic-auth-secret=abc', 'realm=ex.org*******************=***'],
  ];
  test.each(cases)('%j', (text, expected) => expect(source(text)).toBe(expected));
});

describe('what stays', () => {
  const plain = [
    'realm=turn.example.org',
    'external-ip=203.0.113.1/10.0.0.1',
    'external-ip=$(curl ifconfig.me)',
    'denied-peer-ip=10.0.0.0 - 10.255.255.255',
    'no-stun # ',
    'log_file=/var/log/turn.log',
    'min_port=49152',
    'use_auth_secret=true',
    'listen_address=203.0.113.1:3478',
    'denied_peer_ip=10.0.0.0/8',
    '--min-port=1',
    'realm: ex',
    '}',
    ';',
    'sudo',
    'x例文字示xxx',
    'TURNSERVER_ENABLED=1',
    'mysql-userdb=host=localhost dbname=coturn user=joe port=3306',
  ];
  test.each(plain.filter(text => text !== 'realm: ex'))('%s', text =>
    expect(source(text)).toBe(text.trimEnd()),
  );
  test('the sign that spoils a name', () => expect(source('realm: ex')).toBe('realm: **'));
});

test('positions hold, and the overflow of a secret is hidden', () => {
  const { entries } = fact(`static-auth-secret=${'s'.repeat(1100)} t\nno-stun\n`);
  expect(entries.map(({ name, overflow }) => [/^\*+$/.test(name) ? 'masked' : name, overflow])).toEqual([
    ['static-auth-secret', false],
    ['masked', true],
    ['no-stun', false],
  ]);
  expect(entries[1]).toMatchObject({ sourceColumn: 1024, column: 1024 });
  expect(JSON.stringify(entries)).not.toContain('ss');
});

test('arguments keep their spelling and lose their secrets', () => {
  const args = parseArguments(['turnserver', '--static-auth-s=abc', '-u', 'joe:pw', '-p', '3478'], '4.6.1');
  const { entries } = configFact(parseConfig(new Uint8Array(), 'x'), { foundBy: 'process', args });
  expect(entries.map(entry => entry.source)).toEqual(['--static-auth-s=***', '-u joe:**', '-p 3478']);
});

test('no secret survives anywhere in the fact', () => {
  const secret = fc
    .stringMatching(/^[A-Za-z0-9+/=!$%&'()*,.:;<>?@^_`{|}~-]{8,40}$/)
    .filter(text => !/^[0x=;'"]+/.test(text));
  const line = fc.constantFrom(
    (s: string) => `static-auth-secret=${s}`,
    (s: string) => `static-auth-secret = "${s}" # note`,
    (s: string) => `user=joe:${s}`,
    (s: string) => `cli-password ${s}`,
    (s: string) => `psql-userdb="host=db password=${s.replaceAll(/['&]/g, '_')} user=joe"`,
    (s: string) => `static_auth_secret=${s}`,
    (s: string) => `user joe ${s}`,
    (s: string) => `${'# '.padEnd(1023)}${s}`,
    (s: string) => `realm=x # ${s}`,
  );
  fc.assert(
    fc.property(secret, line, (word, write) => {
      // Signs of the grammar stay, so what must not survive is a run of the secret's own characters.
      const runs = word.split(/[=;'&]/).filter(run => run.length >= 5);
      const text = JSON.stringify(fact(write(word)));
      for (const run of runs) expect(text).not.toContain(JSON.stringify(run).slice(1, -1));
    }),
  );
});

describe('traits of a secret', () => {
  test.each([
    ['north', { length: 5, published: true, placeholder: false }],
    ['YOUR_SECRET', { placeholder: true }],
    ['<secret>', { placeholder: true }],
    ['$(cat secret)', { placeholder: true }],
    ['changeme', { published: true, placeholder: true }],
    ['s3cret-s3cret-s3cret', { published: false, placeholder: false }],
    ['q7Vb2mZk0sXe9RwT4uYh', { published: false, placeholder: false, entropyBits: 119 }],
    ['aaaaaaaa', { entropyBits: 0 }],
    ['', { length: 0, published: false, placeholder: false, entropyBits: 0 }],
  ])('%s', (secret, traits) => expect(traitsOf(secret)).toMatchObject(traits));

  test('they come with the entry', () => {
    const [secret, user, plain] = fact('static-auth-secret="north"\nuser=joe:changeme\nrealm=x\n').entries;
    expect(secret!.secret).toMatchObject({ length: 5, published: true });
    expect(user!.secret).toMatchObject({ length: 8, placeholder: true });
    expect(plain).not.toHaveProperty('secret');
  });
});

test('secretsOf gives them to those who sign', () => {
  const { entries } = parseConfig(
    Buffer.from(
      'static-auth-secret=a\nuser=joe:x\nuser=joe:y:z\nuser=ann:0x12\nuser=bad\nstatic-auth-secret="b c"\n',
    ),
    'x',
  );
  expect(secretsOf(entries)).toEqual({
    staticAuthSecrets: ['a', 'b c'],
    users: [
      { name: 'joe', password: 'y:z', isKey: false },
      { name: 'ann', password: '0x12', isKey: true },
    ],
  });
});

describe('a text behind a flag may be a secret, and still reads as coturn reads it', () => {
  test.each([
    ['no-stun=nope', 'n***'],
    ['no-stun="yesterday"', '"y********"'],
    ['use-auth-secret=Zq8secret', '*********'],
    ['verbose=# note', '# ****'],
    ['verbose=true', 'true'],
  ])('%s', (line, shown) => {
    const [entry] = fact(`${line}\n`).entries;
    expect(entry!.rawValue).toBe(shown);
    const written = line.slice(line.indexOf('=') + 1).replaceAll('"', '');
    expect(readBoolean(entry!.value)).toBe(readBoolean(written));
  });
});
