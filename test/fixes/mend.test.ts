import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contextOf, factOf, factsOf, judgesFiles } from '../../src/commands/lint-input.ts';
import { type Mended, mend } from '../../src/commands/mend.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { secretsOf } from '../../src/config/secrets.ts';
import { unknown } from '../../src/model/fact.ts';
import { configDiff } from '../../src/report/config-diff.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import cases from '../fixtures/cases.json' with { type: 'json' };

const forFiles = rules.filter(judgesFiles);

function mended(bytes: Uint8Array, as = '4.6.1', origin: 'asked' | 'newest-known' = 'asked'): Mended {
  const version = { version: as, origin };
  const context = contextOf(version, unknown('not asked'), 0);
  return mend(bytes, {
    read: now => factOf({ path: 'turnserver.conf', bytes: now, configFile: unknown('no file') }, version),
    check: config => runRules(forFiles, factsOf(config, { configFile: unknown('no file') }, context), 0),
    version,
  });
}

const mendedText = (text: string, as?: string): string =>
  Buffer.from(mended(Buffer.from(text, 'latin1'), as).bytes).toString('latin1');

describe('what is safe', () => {
  const table: readonly (readonly [name: string, before: string, after: string])[] = [
    ['a comment behind a value', 'realm=a.test # mine\n', '# mine\nrealm=a.test\n'],
    ['one behind a secret', 'static-auth-secret=abc # old: d\n', '# old: d\nstatic-auth-secret=abc\n'],
    ['one behind a flag', 'no-cli # why\n', '# why\nno-cli\n'],
    ['one in C++', 'realm=a.test // mine\n', '# mine\nrealm=a.test\n'],
    ['with CR LF', 'realm=a.test # mine\r\nno-cli\r\n', '# mine\r\nrealm=a.test\r\nno-cli\r\n'],
    ['on the last line, unfinished', 'realm=a.test # mine', '# mine\nrealm=a.test'],
    ['of bytes that are no UTF-8', 'realm=a.test # caf\xe9\n', '# caf\xe9\nrealm=a.test\n'],
    ['a semicolon', 'realm=a.test;\nno-cli;\n', 'realm=a.test\nno-cli\n'],
    ['a semicolon before a comment', 'realm=a.test; # x\n', '# x\nrealm=a.test\n'],
    ['quotes around a path', "log-file='/var/log/t.log'\n", 'log-file=/var/log/t.log\n'],
    ['a byte order mark', '\xef\xbb\xbfrealm=a.test\n', 'realm=a.test\n'],
    ['carriage returns alone', 'realm=a.test\rno-cli\r', 'realm=a.test\nno-cli\n'],
    ['NUL bytes', 'realm=a.\0test\n', 'realm=a.test\n'],
    ['CIDR', 'denied-peer-ip=10.0.0.0/8\n', 'denied-peer-ip=10.0.0.0-10.255.255.255\n'],
    ['a reversed range', 'denied-peer-ip=10.0.0.9-10.0.0.1\n', 'denied-peer-ip=10.0.0.1-10.0.0.9\n'],
    ['a harmless name', 'realm=a.test\n--fingerprint\n', 'realm=a.test\nfingerprint\n'],
    ['two ports in one', 'min-port=50000-51000\nno-cli\n', 'min-port=50000\nmax-port=51000\nno-cli\n'],
    ['a second external-ip', 'external-ip=192.0.2.1\nexternal-ip=192.0.2.2\n', 'external-ip=192.0.2.1\n'],
    ['no-stun', 'realm=a.test\nno-stun\n', 'realm=a.test\n'],
  ];
  test.each(table)('%s', (_, before, after) => {
    expect(mendedText(before)).toBe(after);
    expect(mendedText(after)).toBe(after);
  });
  test('an option that this coturn no longer has', () => {
    expect(mendedText('realm=a.test\nno-dtls\n', '4.18.0')).toBe('realm=a.test\n');
    expect(mendedText('realm=a.test\nno-dtls\n', '4.6.1')).toBe('realm=a.test\nno-dtls\n');
  });
});

describe('what somebody has to decide is named and left alone', () => {
  const table: readonly (readonly [name: string, line: string, what: RegExp])[] = [
    ['quotes around a secret', "static-auth-secret='abcabcabc'", /quotation marks/],
    ['what opens a network', 'allowed-peer-ip=10.0.0.0/24', /10\.0\.0\.0-10\.0\.0\.255/],
    ['what changes who gets in', 'lt_cred_mech', /lt-cred-mech/],
    ['both ends written', 'min-port=50000-51000\nmax-port=52000', /max-port=51000/],
    ['options that exclude each other', 'no-udp-relay\nno-tcp-relay', /delete/],
  ];
  test.each(table)('%s', (_, line, what) => {
    const text = `realm=a.test\n${line}\n`;
    const { bytes, suggested } = mended(Buffer.from(text));
    expect(Buffer.from(bytes).toString()).toBe(text);
    expect(suggested.map(fix => fix.what).join()).toMatch(what);
  });
  test('a removed option, when no coturn was found', () => {
    const { applied, suggested } = mended(Buffer.from('realm=a.test\nno-dtls\n'), '4.18.0', 'newest-known');
    expect(applied).toEqual([]);
    expect(suggested).toMatchObject([{ rule: 'config/removed-option' }]);
  });
});

const folder = resolve(import.meta.dirname, '../fixtures/real-world');
const files = [
  ...cases.map(({ id, config }) => ({ name: id, bytes: Buffer.from(config) })),
  ...readdirSync(folder)
    .filter(name => name.endsWith('.conf'))
    .map(name => ({ name, bytes: readFileSync(resolve(folder, name)) })),
];

describe('a second run finds nothing to do, and the diff holds no secret', () => {
  for (const { name, bytes } of files) {
    test.each(['4.6.1', '4.18.0'])(`${name} as %s`, version => {
      const once = mended(bytes, version);
      const twice = mended(once.bytes, version);
      expect(twice.applied).toEqual([]);
      expect(Buffer.compare(twice.bytes, once.bytes)).toBe(0);

      const diff = configDiff(name, bytes, once.bytes);
      const { staticAuthSecrets, users } = secretsOf(parseConfig(bytes, name).entries);
      for (const secret of [...staticAuthSecrets, ...users.map(({ password }) => password)]) {
        if (secret.length > 5) expect(diff).not.toContain(secret);
      }
    });
  }
});
