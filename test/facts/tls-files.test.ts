import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  gatherTlsFiles,
  parseAlternativeNames,
  parseCertificate,
  parseKey,
} from '../../src/facts/tls-files.ts';
import { localHost } from '../../src/host/local.ts';
import { selfSigned } from '../support/coturn.ts';
import { survey, unit } from '../support/survey.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const openssl = (...argv: string[]) => execFileSync('openssl', argv, { stdio: 'ignore' });
const read = (name: string) => readFileSync(at(name), 'utf8');

beforeAll(() => {
  folder = mkdtempSync('/var/tmp/turnctl-tls-');
  chmodSync(folder, 0o755);
  selfSigned(folder, ['DNS:turn.example.org', 'IP:192.0.2.1']);
  openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', at('other.pem'));
  openssl('pkcs8', '-topk8', '-in', at('key.pem'), '-out', at('pkcs8.pem'), '-passout', 'pass:north');
  openssl('ec', '-aes256', '-in', at('key.pem'), '-out', at('traditional.pem'), '-passout', 'pass:north');
  writeFileSync(at('combined.pem'), read('cert.pem') + read('key.pem'));
  writeFileSync(at('chain.pem'), read('cert.pem') + read('cert.pem'));
  writeFileSync(at('damaged.pem'), read('cert.pem').replace(/\n.*\n/, '\nAAAA\n'));
  writeFileSync(at('damaged-key.pem'), read('key.pem').replace(/\n.*\n/, '\nAAAA\n'));
  copyFileSync(at('key.pem'), at('private.pem'));
  chmodSync(at('private.pem'), 0o600);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('parseCertificate', () => {
  test('names, dates, key and chain', () => {
    const certificate = parseCertificate(read('chain.pem'));
    expect(certificate).toMatchObject({
      known: true,
      value: {
        fact: {
          subject: 'CN=localhost',
          issuer: 'CN=localhost',
          names: ['turn.example.org', '192.0.2.1'],
          notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
          fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
          keyType: 'ec',
          chainLength: 2,
          selfSigned: true,
        },
      },
    });
  });

  const refused = [
    { name: 'other.pem', reason: 'the file holds no certificate in PEM form' },
    { name: 'damaged.pem', reason: 'the certificate in the file is damaged' },
  ];
  for (const { name, reason } of refused) {
    test(`${name}: ${reason}`, () => expect(parseCertificate(read(name))).toEqual({ known: false, reason }));
  }
});

describe('parseKey', () => {
  const cases = [
    { name: 'key.pem', password: null, expected: { encrypted: false, matchesCertificate: true } },
    { name: 'combined.pem', password: null, expected: { encrypted: false, matchesCertificate: true } },
    { name: 'other.pem', password: null, expected: { encrypted: false, matchesCertificate: false } },
    { name: 'pkcs8.pem', password: null, expected: { encrypted: true, matchesCertificate: null } },
    { name: 'pkcs8.pem', password: 'south', expected: { encrypted: true, matchesCertificate: null } },
    { name: 'pkcs8.pem', password: 'north', expected: { encrypted: true, matchesCertificate: true } },
    { name: 'traditional.pem', password: null, expected: { encrypted: true, matchesCertificate: null } },
    { name: 'traditional.pem', password: 'north', expected: { encrypted: true, matchesCertificate: true } },
  ];
  for (const { name, password, expected } of cases) {
    test(`${name} with password ${password}`, () => {
      const certificate = parseCertificate(read('cert.pem'));
      const key = parseKey(read(name), password, certificate.known ? certificate.value.x509 : null);
      expect(key).toEqual({ known: true, value: expected });
    });
  }

  test('a damaged key is not quoted', () => {
    expect(parseKey(read('damaged-key.pem'), null, null)).toEqual({
      known: false,
      reason: 'the private key in the file is damaged',
    });
    expect(parseKey(read('cert.pem'), null, null)).toMatchObject({ known: false });
  });
});

describe('gatherTlsFiles', () => {
  const host = localHost();
  const settings = { certificate: 'cert.pem', key: 'private.pem', keyPassword: null };

  test('relative names are below the working directory; a key of root is out of the service’s reach', async () => {
    const files = await gatherTlsFiles(
      host,
      survey({ units: [{ ...unit, workingDirectory: folder }] }),
      settings,
    );
    expect(files).toMatchObject({
      known: true,
      value: {
        certificateFile: { path: at('cert.pem'), exists: true, readableByService: true },
        keyFile: {
          path: at('private.pem'),
          exists: true,
          readableByService: false,
          blockedAt: at('private.pem'),
        },
        certificate: { known: true },
        key: { known: true, value: { encrypted: false, matchesCertificate: true } },
      },
    });
    const secret = read('key.pem').split('\n')[1];
    expect(JSON.stringify(files)).not.toContain(secret);
  });

  test('root reads it', async () => {
    const root = { ...unit, user: '', workingDirectory: folder };
    const files = await gatherTlsFiles(host, survey({ units: [root] }), settings);
    expect(files).toMatchObject({ value: { keyFile: { readableByService: true } } });
  });

  test('without options coturn looks for its own names', async () => {
    const none = { certificate: null, key: null, keyPassword: null };
    expect(await gatherTlsFiles(host, survey({ units: [unit] }), none)).toMatchObject({
      value: {
        certificateFile: { path: 'turn_server_cert.pem', exists: false },
        keyFile: { path: 'turn_server_pkey.pem', exists: false },
        certificate: { known: false, reason: 'there is no turn_server_cert.pem where coturn looks for it' },
      },
    });
  });

  test('a name that leads nowhere', async () => {
    const absent = { ...settings, key: at('absent/key.pem') };
    expect(await gatherTlsFiles(host, survey({ units: [unit] }), absent)).toMatchObject({
      value: {
        keyFile: { exists: false, readableByService: false, blockedAt: at('absent') },
        key: { known: false, reason: `${at('absent/key.pem')} does not exist` },
      },
    });
  });
});

test('names with commas come whole', () => {
  expect(parseAlternativeNames('DNS:"a, DNS:b", DNS:*.example.org, IP Address:2001:DB8:0:0:0:0:0:1')).toEqual(
    ['a, DNS:b', '*.example.org', '2001:DB8:0:0:0:0:0:1'],
  );
});
