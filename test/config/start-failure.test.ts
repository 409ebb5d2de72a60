import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { startFailure, startFailures } from '../../src/config/start-failure.ts';

const failures = (lines: string[], version: string) =>
  startFailures(
    settingsOf(readConfig(Buffer.from(lines.join('\n')), { path: 'x', foundBy: 'asked' }), version),
  );

test.each([
  [['no-stun=enabled'], '4.6.1', 'boolean'],
  [['no-stun # x'], '4.6.1', 'boolean'],
  [['Verbose=# x'], '4.6.1', 'boolean'],
  [['use-auth-secret=enabled'], '4.6.1', null],
  [['no-cli=enabled'], '4.9.0', 'boolean'],
  [['no-cli=enabled'], '4.10.0', null],
  [['min-port=50000 # x'], '4.12.0', null],
  [['min-port=50000 # x'], '4.13.0', 'port'],
  [['denied-peer-ip=10.0.0.0/8'], '4.10.0', null],
  [['denied-peer-ip=10.0.0.0/8'], '4.11.0', 'peer-range'],
  [['denied-peer-ip=lan.example.org'], '4.11.0', null],
  [['version'], '4.6.1', 'version-line'],
  [['version'], '4.5.2', null],
  [['proc-user='], '4.6.1', 'user-name'],
  [['lt-cred-mech', 'no-auth'], '4.6.1', 'exclusive'],
  [['static-auth-secret=x', 'no-auth'], '4.6.1', 'exclusive'],
  [['user=a:b', 'no-auth'], '4.6.1', null],
  [['no-udp-relay', 'no-tcp-relay'], '4.6.1', 'exclusive'],
  [['bps-capacity=1000'], '4.6.1', 'missing-companion'],
  [['bps-capacity=1000', 'max-bps=100'], '4.6.1', null],
  [['allow-loopback-peers'], '4.6.1', 'missing-companion'],
  [['allow-loopback-peers', 'no-cli'], '4.6.1', null],
  [['allow-loopback-peers', 'cli-password=x'], '4.6.1', null],
  [['allow-loopback-peers'], '4.10.0', null],
  [['allow-loopback-peers', 'cli'], '4.10.0', 'missing-companion'],
  [['multiplex-peer-port=0'], '4.12.0', 'number'],
  [['min-port=60000', 'max-port=50000'], '4.6.1', null],
] as const)('%j at %s: %s', (lines, version, kind) => {
  expect(failures([...lines], version)[0]?.kind ?? null).toBe(kind);
});

test('failures come in the order of lines, and name theirs', () => {
  const all = failures(['realm=a', 'no-udp=oN', 'min-port=x'], '4.18.0');
  expect(all.map(({ kind, entry }) => [kind, entry?.line])).toEqual([
    ['boolean', 2],
    ['port', 3],
  ]);
  const sound = settingsOf(readConfig(Buffer.from('realm=a'), { path: 'x', foundBy: 'asked' }), '4.6.1');
  expect(startFailure(sound)).toBeUndefined();
});
