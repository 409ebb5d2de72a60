import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findCertificates, judgeCertificate } from '../../src/facts/certificate-search.ts';
import { localHost } from '../../src/host/local.ts';
import { selfSigned } from '../support/coturn.ts';
import { survey, unit } from '../support/survey.ts';

const DAY_MS = 86_400_000;
const host = localHost();
const coturn = survey({ units: [unit] });

/** Certificates of turn.example.org: signed by an authority in `good`, and in other folders what can be wrong with one. */
let folder: string;
const pairIn = (name: string) => ({
  certificate: join(folder, name, 'fullchain.pem'),
  key: join(folder, name, 'privkey.pem'),
});

const SIGNED = `
set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9 -subj /CN=ca -keyout ca.key -out ca.pem
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=turn -keyout privkey.pem -out turn.csr
echo subjectAltName=DNS:turn.example.org >extensions
openssl x509 -req -in turn.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -extfile extensions -out fullchain.pem
openssl pkcs8 -topk8 -in privkey.pem -passout pass:north -out locked.pem`;

beforeAll(() => {
  folder = mkdtempSync('/var/tmp/turnctl-certificates-');
  chmodSync(folder, 0o755);
  const make = (name: string, from?: Record<string, string>) => {
    mkdirSync(join(folder, name));
    for (const [file, source] of Object.entries(from ?? {}))
      copyFileSync(join(folder, source), join(folder, name, file));
  };
  make('good');
  execFileSync('sh', ['-c', SIGNED], { cwd: join(folder, 'good'), stdio: 'pipe' });
  const certificate = { 'fullchain.pem': 'good/fullchain.pem' };
  make('other-key', { ...certificate, 'privkey.pem': 'good/ca.key' });
  make('locked', { ...certificate, 'privkey.pem': 'good/locked.pem' });
  make('no-key', certificate);
  make('closed', { ...certificate, 'privkey.pem': 'good/privkey.pem' });
  make('damaged', { 'privkey.pem': 'good/privkey.pem' });
  writeFileSync(join(folder, 'damaged/fullchain.pem'), 'no PEM');
  make('own');
  const { certificatePath, keyPath } = selfSigned(join(folder, 'own'));
  copyFileSync(certificatePath, join(folder, 'own/fullchain.pem'));
  copyFileSync(keyPath, join(folder, 'own/privkey.pem'));
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  chmodSync(join(folder, 'closed'), 0o700);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('one that coturn can read and browsers may trust', async () => {
  expect(await judgeCertificate(host, coturn, pairIn('good'), Date.now())).toEqual({
    ...pairIn('good'),
    names: ['turn.example.org'],
  });
});

const unusable: readonly [name: string, why: RegExp][] = [
  ['other-key', /^the key belongs to another certificate$/],
  ['locked', /^its key has a password$/],
  ['no-key', /^there is no .*privkey\.pem$/],
  ['closed', /closed: turnserver may not enter it$/],
  ['damaged', /no certificate in PEM form$/],
  ['own', /^it is self-signed/],
];
test.each(unusable)('%s', async (name, why) => {
  expect(await judgeCertificate(host, coturn, pairIn(name), Date.now())).toEqual({
    path: pairIn(name).certificate,
    why: expect.stringMatching(why),
  });
});

test('one that is out of date', async () => {
  const judged = await judgeCertificate(host, coturn, pairIn('good'), Date.now() + 30 * DAY_MS);
  expect(judged).toMatchObject({ why: expect.stringMatching(/^it expired on /) });
});

test('one that is not there is no objection', async () => {
  expect(await judgeCertificate(host, coturn, pairIn('absent'), Date.now())).toBeNull();
});

test('without a service nobody knows who has to read it', async () => {
  const none = survey({ units: [], processes: [] });
  expect(await judgeCertificate(host, none, pairIn('good'), Date.now())).toMatchObject({
    why: expect.stringMatching(/^whether coturn may read .* is not known$/),
  });
});

test('the folder of copies is looked into', async () => {
  const input = { folder: join(folder, 'good'), now: Date.now() };
  expect((await findCertificates(host, coturn, input)).usable[0]).toMatchObject(pairIn('good'));
});
