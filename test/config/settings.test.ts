import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/config/parse-arguments.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { type Settings, settingsOf } from '../../src/config/settings.ts';

/** Settings of a file of these lines and a command line of these arguments. */
function settings(lines: string[], { version = '4.6.1', argv = [] as string[] } = {}): Settings {
  const args = parseArguments(['turnserver', ...argv], version);
  return settingsOf(
    readConfig(Buffer.from(lines.join('\n')), { path: 'x', foundBy: 'asked', args }),
    version,
  );
}

describe('order', () => {
  test('the last line of a scalar counts', () => {
    const { deciding, number } = settings(['user-quota=1', 'user-quota=2']);
    expect(number('user-quota')).toBe(2);
    expect(deciding('user-quota')?.line).toBe(2);
  });
  test('the command line beats the file, but not for the log', () => {
    const both = settings(['realm=file', 'log-file=/file'], { argv: ['--realm=argv', '--log-file=/argv'] });
    expect(both.text('realm')).toBe('argv');
    expect(both.text('log-file')).toBe('/file');
    expect(both.deciding('log-file')?.origin).toBe('file');
  });
  test('lists add up', () => {
    const list = settings(['denied-peer-ip=10.0.0.1', 'denied-peer-ip=10.0.0.2'], {
      argv: ['--denied-peer-ip=10.0.0.3'],
    });
    expect(list.list('denied-peer-ip')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  });
  test('of plain external-ip values the first good one counts', () => {
    const lines = [
      'external-ip=$(curl x)',
      'external-ip=203.0.113.2/10.0.0.2',
      'external-ip=203.0.113.1',
      'external-ip=203.0.113.9',
    ];
    expect(settings(lines).deciding('external-ip')?.line).toBe(3);
  });
  test('aliases are one option', () => {
    expect(settings(['db=/a']).text('userdb')).toBe('/a');
    expect(settings(['prod']).flag('no-software-attribute')).toBe(true);
  });
  test('a name this version lacks does not count', () => {
    expect(settings(['rfc5780']).isSet('rfc5780')).toBe(false);
    expect(settings(['rfc5780'], { version: '4.7.0' }).isSet('rfc5780')).toBe(true);
  });
});

describe('flags', () => {
  const cases: { name: string; lines: string[]; version?: string; flag: string; on: boolean }[] = [
    { name: 'absent', lines: [], flag: 'no-stun', on: false },
    { name: 'bare', lines: ['no-stun'], flag: 'no-stun', on: true },
    { name: 'false', lines: ['no-stun=false'], flag: 'no-stun', on: false },
    { name: 'undone by a later line', lines: ['no-stun', 'no-stun=0'], flag: 'no-stun', on: false },
    { name: 'a value never read', lines: ['use-auth-secret=false'], flag: 'use-auth-secret', on: true },
    { name: 'implied by a secret', lines: ['static-auth-secret=x'], flag: 'use-auth-secret', on: true },
    { name: 'false does nothing', lines: ['Verbose', 'Verbose=0'], flag: 'Verbose', on: true },
    { name: 'Verbose implies verbose', lines: ['Verbose', 'verbose=0'], flag: 'verbose', on: true },
    { name: 'honoured before 4.10', lines: ['no-cli'], version: '4.9.0', flag: 'no-cli', on: true },
    { name: 'without effect since 4.10', lines: ['no-cli'], version: '4.10.0', flag: 'no-cli', on: false },
    {
      name: 'ignored until 4.16',
      lines: ['new-log-timestamp=0'],
      version: '4.16.0',
      flag: 'new-log-timestamp',
      on: true,
    },
    {
      name: 'honoured since 4.17',
      lines: ['new-log-timestamp=0'],
      version: '4.17.0',
      flag: 'new-log-timestamp',
      on: false,
    },
    { name: 'on by default', lines: [], version: '4.17.0', flag: 'stateless-nonce', on: true },
    {
      name: 'a refused value leaves it as it was',
      lines: ['no-stun', 'no-stun=enabled'],
      flag: 'no-stun',
      on: true,
    },
  ];
  test.each(cases)('$name', ({ lines, version, flag, on }) => {
    expect(settings(lines, version ? { version } : {}).flag(flag)).toBe(on);
  });
});

describe('numbers and ports', () => {
  test('are read as C reads them', () => {
    const read = settings([
      'max-bps=1M',
      'total-quota=abc',
      'stale-nonce=',
      'user-quota=',
      'max-allocate-lifetime',
    ]);
    expect(read.number('max-bps')).toBe(1);
    expect(read.number('total-quota')).toBe(0);
    expect(read.number('stale-nonce')).toBe(600);
    expect(read.number('user-quota')).toBe(0);
    expect(read.number('max-allocate-lifetime')).toBe(3600);
    expect(read.number('channel-lifetime')).toBe(600);
    expect(read.number('relay-threads')).toBeNaN();
  });
  test('ports wrap or are refused', () => {
    expect(settings(['min-port=70000']).port('min-port')).toBe(4464);
    expect(settings(['min-port=70000'], { version: '4.13.0' }).port('min-port')).toBe('fatal');
    expect(settings(['listening-port=']).port('listening-port')).toBe(0);
    expect(settings([]).port('listening-port')).toBe(3478);
    expect(settings([]).port('tcp-proxy-port')).toBe(0);
  });
  test('an option that never was is our mistake', () => {
    expect(() => settings([]).flag('no-stunn')).toThrow('no-stunn');
  });
});

test('an enumeration keeps the last value coturn knows', () => {
  const option = 'allocation-default-address-family';
  expect(settings([`${option}=keep`, `${option}=IPV6`, `${option}=bogus`]).text(option)).toBe('keep');
  expect(settings([]).text(option)).toBe('ipv4');
});
