import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { writeArchive } from '../../src/bundle/archive.ts';
import { findLeak } from '../../src/bundle/audit.ts';
import { serviceCollectors } from '../../src/bundle/collectors.ts';
import { createRedactor } from '../../src/bundle/redactor.ts';
import { derivedSecrets } from '../../src/commands/bundle/derived-secrets.ts';
import { known } from '../../src/model/fact.ts';
import { maskSecrets } from '../../src/util/mask.ts';
import { deployment } from '../support/facts-builder.ts';
import { hostWith } from '../support/fake-io.ts';
import { SECRET_FORMS } from '../support/secret-forms.ts';

const redactor = (secrets: readonly string[]) =>
  createRedactor({ key: Buffer.from('k'), secrets, users: [], keepAddresses: false });

const SECRETS = ['Kestrel7-wing+Q/tail', 'p<a>&"s\'s=w;rd 100%', 'pässwörter-über-Ω-alles'];

describe('a secret that is known', () => {
  for (const [name, write] of Object.entries(SECRET_FORMS)) {
    // Of these characters PHP and .NET write some in further ways.
    const secrets = /PHP|NET/.test(name) ? SECRETS.filter(secret => !/[%]/.test(secret)) : SECRETS;
    test.each(secrets)(`is found and taken out as ${name}: %s`, secret => {
      const text = `before ${write(secret)} after`;
      const leak = (path: string, content: string) =>
        findLeak(writeArchive([{ path, content: Buffer.from(content) }], 0), [secret]);
      expect(leak('a.txt', text)).toEqual({ member: 'a.txt' });
      expect(leak('a.json', JSON.stringify({ text }))).toEqual({ member: 'a.json' });
      const clean = redactor([secret]).text(text);
      expect(clean).toMatch(/^before .*\*\*\*.* after$/s);
      expect(leak('a.txt', clean)).toBeNull();
    });
  }

  const CUT = 'correct-horse-battery-staple';
  test.each([
    [`"${CUT.slice(0, 9)}…"`, '"***…"'],
    [`see ${CUT.slice(0, 20)}...`, 'see ***...'],
    [`${Buffer.from(CUT).toString('hex').slice(0, 20)}… (70 bytes)`, '***… (70 bytes)'],
    [`last ${CUT.slice(0, 16)}`, 'last ***'],
    [`last ${CUT.slice(0, 16)}\nnext`, 'last ***\nnext'],
    // What it begins with is a word like any other.
    [`the correct-horse of ours\ncorrect`, `the correct-horse of ours\ncorrect`],
  ])('is taken out where it was cut off: %s', (text, clean) =>
    expect(redactor([CUT]).text(text)).toBe(clean),
  );

  test('leaves facts alone that begin as it does', () => {
    const facts = { realm: 'turn.example.org', user: 'turnserver' };
    const redact = redactor(['turn.example.org-2024-secret', 'turnserver2024']);
    expect(redact.json(facts)).toEqual(facts);
    expect(redact.json({ hex: `${'turn.example.o'}…` })).toEqual({ hex: '***…' });
  });
});

describe('what can be made of a secret', () => {
  const signing = {
    staticAuthSecrets: ['shared-secret-of-ours'],
    users: [
      { name: 'alice', password: 'wonderland', isKey: false },
      { name: 'bob', password: '0x0123456789abcdef0123456789abcdef', isKey: true },
    ],
  };
  const derived = derivedSecrets(
    signing,
    ['turn.test'],
    ['user <1769864400:ophelia> and desdemona:1769864401', 'GET /?username=1769864402%3Aiago HTTP/1.1'],
  );

  test.each(['1769864400:ophelia', 'desdemona:1769864401', '1769864402:iago'])('password of %s', name => {
    const password = createHmac('sha1', 'shared-secret-of-ours').update(name).digest('base64');
    expect(derived).toContain(password);
  });

  test.each(['md5', 'sha256'])('%s key of a user', algorithm => {
    const key = createHash(algorithm).update('alice:turn.test:wonderland').digest();
    expect(derived).toEqual(expect.arrayContaining([key.toString('hex'), key.toString('base64')]));
    const clean = redactor(derived).text(
      `key ${key.toString('hex').match(/../g)?.join(':').toUpperCase()} of`,
    );
    expect(clean).toBe('key *** of');
  });

  test('the key that stands in the file', () =>
    expect(derived).toContain('0123456789abcdef0123456789abcdef'));
});

test('the extract of a long log begins with a whole line', async () => {
  const { log } = deployment.facts;
  if (!log.known) throw new Error('a sound deployment has a log');
  const { facts } = deployment.with({ log: { ...log.value, actual: '/var/log/turn.log' } });
  const collector = serviceCollectors({ facts }).find(({ path }) => path === 'service/log.txt');
  const tailOf = async (stdout: string) =>
    collector?.collect({
      ...hostWith({}),
      run: async () => ({ exitCode: 0, stdout, stderr: '', truncated: false }),
    });
  const half = 'a-half-of-a-secret\n';
  expect(await tailOf(half)).toEqual(known(half));
  const rest = `${'x'.repeat(80)}\n`.repeat(4000).slice(0, 262_144 - half.length);
  expect(await tailOf(half + rest)).toEqual(known(`(cut off here)\n${rest}`));
  expect(await tailOf('x'.repeat(262_144))).toEqual(known('(cut off here)\n'));
});

test('a private key whose beginning is cut off is masked', () => {
  const lines = `${'MIIE'.repeat(16)}\n`.repeat(3);
  const text = `2 lines\n${lines}abc=\n-----END RSA PRIVATE KEY-----\nafter`;
  expect(maskSecrets(text)).toBe('2 lines\n***\n-----END RSA PRIVATE KEY-----\nafter');
});
