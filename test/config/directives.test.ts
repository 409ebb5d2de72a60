import { describe, expect, test } from 'vitest';
import {
  buildDependent,
  canonicalName,
  DIRECTIVES,
  defaultOf,
  findDirective,
  isKnown,
  nearestNames,
  readingOf,
} from '../../src/config/directives.ts';
import { compareVersions } from '../../src/config/versions.ts';

describe('the table is sound', () => {
  test('names and letters are unique, histories sorted', () => {
    const names = DIRECTIVES.map(({ name }) => name);
    const letters = DIRECTIVES.flatMap(({ short }) => short ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(letters).size).toBe(letters.length);
    for (const { defaults } of DIRECTIVES) {
      const since = defaults.map(step => step.since);
      expect([...since].sort(compareVersions)).toEqual(since);
    }
  });

  test('every name it refers to is in it', () => {
    const referred = DIRECTIVES.flatMap(({ aliasOf, impliedBy = [] }) => [
      ...(aliasOf ? [aliasOf] : []),
      ...impliedBy,
    ]);
    expect(referred.filter(name => !findDirective(name))).toEqual([]);
  });
});

describe('isKnown', () => {
  test.each([
    ['no-stun', '4.5.1.1', true],
    ['rfc5780', '4.6.3', false],
    ['rfc5780', '4.7.0', true],
    ['no-tlsv1', '4.6.3', true],
    ['no-tlsv1', '4.7.0', false],
    ['no-dtls', '4.17.1', true],
    ['no-dtls', '4.18.0', false],
    ['no-loopback-peers', '4.5.1.1', false],
    ['db', '4.6.1', true],
    ['min_port', '4.6.1', false],
    ['v', '4.6.1', false],
  ])('%s at %s: %s', (name, version, known) => expect(isKnown(name, version)).toBe(known));

  test('Debian builds lack Prometheus and MongoDB', () => {
    expect(isKnown('prometheus', '4.6.1')).toBe(true);
    expect(isKnown('prometheus', '4.6.1', 'debian')).toBe(false);
    expect(isKnown('mongo-userdb', '4.6.1', 'debian')).toBe(false);
    expect(isKnown('redis-userdb', '4.6.1', 'debian')).toBe(true);
    expect(buildDependent('prometheus-port')).toBe('prometheus');
    expect(buildDependent('udp-gso')).toBeNull();
    expect(buildDependent('realm')).toBeNull();
  });
});

test.each([
  ['listenling-ip', 'listening-ip'],
  ['min_port', 'min-port'],
  ['--min-port', 'min-port'],
  ['MIN-PORT', 'min-port'],
  ['realm:', 'realm'],
  ['external_ip', 'external-ip'],
  ['ca-file', 'CA-file'],
  ['static-auth-secert', 'static-auth-secret'],
  ['use-auth-secrets', 'use-auth-secret'],
  ['denied-peer-ips', 'denied-peer-ip'],
  ['\ufefflistening-port', 'listening-port'],
  ['v', 'verbose'],
  ['-p', 'listening-port'],
])('%s probably means %s', (written, meant) => expect(nearestNames(written, '4.6.1')[0]).toBe(meant));

test.each(['sudo', 'authentication-method', '}', ';', '', 'no-web-admin-please'])(
  '"%s" means nothing near',
  name => expect(nearestNames(name, '4.6.1')).toEqual([]),
);

test('only names of that version are proposed', () => {
  expect(nearestNames('rfc_5780', '4.7.0')[0]).toBe('rfc5780');
  expect(nearestNames('rfc_5780', '4.6.1')).not.toContain('rfc5780');
});

test('defaults and readings follow the version', () => {
  const at = (name: string, version: string) => defaultOf(findDirective(name)!, version);
  expect([at('stateless-nonce', '4.16.0'), at('stateless-nonce', '4.17.0')]).toEqual([false, true]);
  expect([at('min-port', '4.6.1'), at('stale-nonce', '4.6.1')]).toEqual([49152, 600]);
  expect(readingOf(findDirective('no-cli')!, '4.9.0')).toBe('honoured');
  expect(readingOf(findDirective('no-cli')!, '4.10.0')).toBe('no-effect');
  expect(canonicalName('prod')).toBe('no-software-attribute');
});
