import { describe, expect, test } from 'vitest';
import {
  authentication,
  listenerPlan,
  logDestination,
  relayRange,
  wantsCli,
} from '../../src/config/effective.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { settingsOf } from '../../src/config/settings.ts';

const settings = (lines: string[], version = '4.6.1') =>
  settingsOf(readConfig(Buffer.from(lines.join('\n')), { path: 'x', foundBy: 'asked' }), version);

describe('authentication', () => {
  const cases: [string, string[], string][] = [
    ['nothing', [], 'anonymous'],
    ['no-auth', ['no-auth'], 'anonymous'],
    ['no-auth=0', ['no-auth=0'], 'anonymous'],
    ['a user alone', ['user=a:b'], 'static-users'],
    ['a user and lt-cred-mech=0', ['user=a:b', 'lt-cred-mech=0'], 'static-users'],
    ['a user and no-auth', ['user=a:b', 'no-auth'], 'anonymous'],
    ['a malformed user', ['user=ab'], 'anonymous'],
    ['lt-cred-mech alone', ['lt-cred-mech'], 'database'],
    ['lt-cred-mech and a user', ['lt-cred-mech', 'user=a:b'], 'static-users'],
    ['use-auth-secret=0', ['use-auth-secret=0'], 'shared-secret'],
    ['a secret', ['static-auth-secret=x', 'lt-cred-mech', 'user=a:b'], 'shared-secret'],
    ['a misspelt secret', ['static_auth_secret=x'], 'anonymous'],
  ];
  test.each(cases)('%s', (_, lines, mode) => {
    const found = authentication(settings(lines));
    expect(found.mode).toBe(mode);
    expect(found.longTerm).toBe(mode !== 'anonymous');
  });
  test('the realm is the last one, or empty', () => {
    expect(authentication(settings(['realm=a', 'realm=b'])).realm).toBe('b');
    expect(authentication(settings([])).realm).toBe('');
  });
});

test('relayRange', () => {
  expect(relayRange(settings([]))).toEqual({ min: 49152, max: 65535 });
  expect(relayRange(settings(['min-port=60000', 'max-port=50000']))).toEqual({ min: 60000, max: 50000 });
  expect(relayRange(settings(['max-port=']))).toEqual({ min: 49152, max: 0 });
  expect(relayRange(settings(['min-port=x'], '4.18.0'))).toEqual({ min: 49152, max: 65535 });
});

describe('listenerPlan', () => {
  const tls = ['cert=/a', 'pkey=/b'];
  const shown = (lines: string[], version?: string): string => {
    const { udp, tcp, tls, dtls, proxyPort } = listenerPlan(settings(lines, version));
    const on = { udp, tcp, tls, dtls };
    const ports = Object.entries(on).flatMap(([name, { on, port }]) => (on ? [`${name} ${port}`] : []));
    return [...ports, ...(proxyPort === null ? [] : [`proxy ${proxyPort}`])].join(', ');
  };
  const cases: [string[], string, string][] = [
    [[], '4.6.1', 'udp 3478, tcp 3478'],
    [tls, '4.6.1', 'udp 3478, tcp 3478, tls 5349, dtls 5349'],
    [tls, '4.17.0', 'udp 3478, tcp 3478, tls 5349'],
    [[...tls, 'dtls'], '4.17.0', 'udp 3478, tcp 3478, tls 5349, dtls 5349'],
    [[...tls, 'no-tls'], '4.6.1', 'udp 3478, tcp 3478, dtls 5349'],
    [[...tls, 'no-udp', 'no-tcp'], '4.6.1', 'tls 5349, dtls 5349'],
    [['cert=', 'pkey=/b'], '4.6.1', 'udp 3478, tcp 3478'],
    [['listening-port=3479', 'tcp-proxy-port=4000'], '4.6.1', 'udp 3479, proxy 4000'],
    [['no-tcp', 'tcp-proxy-port=4000'], '4.6.1', 'udp 3478'],
  ];
  test.each(cases)('%j at %s: %s', (lines, version, expected) =>
    expect(shown(lines, version)).toBe(expected),
  );

  test('alternate ports are for RFC 5780', () => {
    const two = ['listening-ip=10.0.0.1', 'listening-ip=10.0.0.2'];
    expect(listenerPlan(settings(two)).alternate).toEqual({ port: 3479, tlsPort: 5350 });
    expect(listenerPlan(settings([...two, 'alt-listening-port=4000'])).alternate?.port).toBe(4000);
    expect(listenerPlan(settings([...two, 'no-rfc5780'])).alternate).toBeNull();
    expect(listenerPlan(settings(two.slice(1))).alternate).toBeNull();
    expect(listenerPlan(settings(two, '4.7.0')).alternate).toBeNull();
    expect(listenerPlan(settings([...two, 'rfc5780'], '4.7.0')).alternate).not.toBeNull();
  });
});

test.each([
  [[], { kind: 'file', path: null, dated: true, copiedToStdout: true }],
  [
    ['log-file=/var/log/turn.log'],
    { kind: 'file', path: '/var/log/turn.log', dated: true, copiedToStdout: true },
  ],
  [
    ['log-file=/a', 'simple-log', 'no-stdout-log'],
    { kind: 'file', path: '/a', dated: false, copiedToStdout: false },
  ],
  [['log-file=/a', 'syslog'], { kind: 'syslog', path: null, dated: false, copiedToStdout: true }],
  [['log-file=stdout'], { kind: 'stdout', path: null, dated: false, copiedToStdout: false }],
  [['log-file=-'], { kind: 'stdout', path: null, dated: false, copiedToStdout: false }],
])('log of %j', (lines, destination) => expect(logDestination(settings(lines))).toEqual(destination));

test('the CLI is on by default up to 4.9.0', () => {
  expect([wantsCli(settings([], '4.9.0')), wantsCli(settings(['no-cli'], '4.9.0'))]).toEqual([true, false]);
  expect([wantsCli(settings([], '4.10.0')), wantsCli(settings(['cli'], '4.10.0'))]).toEqual([false, true]);
});
