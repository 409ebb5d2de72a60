import { expect, test } from 'vitest';
import { MASK, maskArguments, maskSecrets } from '../../src/util/mask.ts';

const hidden = [
  { text: 'static-auth-secret=north', secret: 'north' },
  { text: 'static-auth-secret = "north"', secret: 'north' },
  { text: '0: : psql-userdb "host=db user=turn password=hunter2 dbname=turn"', secret: 'hunter2' },
  { text: 'ExecStart=turnserver --cli-password=qwerty -n', secret: 'qwerty' },
  { text: 'user=alice:wonder', secret: 'wonder' },
  { text: 'mysql://turn:hunter2@db/turn', secret: 'hunter2' },
  { text: 'bad key 5f2b1c9de0a7483f6b1d2c3e4f5a6b7c here', secret: '5f2b1c9de0a7483f6b1d2c3e4f5a6b7c' },
  { text: 'password sent: 3EMg7Qvu2fNjoXOVoU0wlRZaPaI=', secret: '3EMg7Qvu2fNjoXOVoU0wlRZaPaI=' },
  { text: '-----BEGIN PRIVATE KEY-----\nMIIE\nAB==\n-----END PRIVATE KEY-----\n', secret: 'MIIE' },
];
for (const { text, secret } of hidden) {
  test(`hides the secret in ${JSON.stringify(text.slice(0, 50))}`, () => {
    expect(maskSecrets(text)).not.toContain(secret);
  });
}

const untouched = [
  '0: : session 001000000000000001: realm <example.org> user <1735732800:alice>: incoming packet ALLOCATE processed, success',
  '0: : Cannot find config file: /etc/letsencrypt/archive/turn.example.org/fullchain12ABCdef.pem',
  'lrwx 4 -> /var/tmp/systemd-private-c38e3019e22e4e7891f01291fcaa3680-coturn.service-ltpkF6/tmp/turn_1.log',
  '0: : TCP: client 192.0.2.7:41234 connected, user <>',
  'systemd[1]: Failed to start coturn.service - coTURN STUN/TURN Server.',
  '2026-11-23T08:57:59.462+0000 INFO log file opened: /var/log/turn_2026-11-23.log',
];
for (const text of untouched) test(`keeps ${text.slice(0, 50)}`, () => expect(maskSecrets(text)).toBe(text));

test('hides secrets in arguments, joined or apart', () => {
  expect(
    maskArguments([
      'turnserver',
      '-c',
      '/etc/t.conf',
      '--static-auth-secret',
      's',
      '-u',
      'a:b',
      '--user=c:d',
      '--cli-password=e',
    ]),
  ).toEqual([
    'turnserver',
    '-c',
    '/etc/t.conf',
    '--static-auth-secret',
    MASK,
    '-u',
    `a:${MASK}`,
    `--user=c:${MASK}`,
    `--cli-password=${MASK}`,
  ]);
});

test('takes no longer for what an attacker may have logged', () => {
  for (const unit of ['a', 'secret', 'user ', '-', 'token=', ' -u']) {
    const started = performance.now();
    maskSecrets(unit.repeat((64 << 10) / unit.length));
    expect(performance.now() - started).toBeLessThan(2000);
  }
});

test('keeps files and addresses among the arguments', () => {
  const argv = [
    'turnserver',
    '--pkey',
    '/etc/key.pem',
    '--secret-key-file=/etc/k',
    '--use-auth-secret',
    '-L',
    '::1',
  ];
  expect(maskArguments(argv)).toEqual(argv);
});
