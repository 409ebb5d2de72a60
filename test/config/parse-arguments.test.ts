import { describe, expect, test } from 'vitest';
import { listenerPlan } from '../../src/config/effective.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { parseArguments } from '../../src/config/parse-arguments.ts';
import { configFact } from '../../src/config/redact.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { inParallel, turnservers, verdictOf } from './turnserver.ts';

const read = (argv: string[], version = '4.6.1') => parseArguments(['turnserver', ...argv], version);
const pairs = (argv: string[], version?: string) =>
  read(argv, version).entries.map(({ name, value }) => (value === null ? name : `${name}=${value}`));

describe('parseArguments', () => {
  const cases: [string[], string[]][] = [
    [['--listening-port=3479'], ['listening-port=3479']],
    [['--listening-port', '3479'], ['listening-port=3479']],
    [['-p', '3479'], ['listening-port=3479']],
    [['-p3479'], ['listening-port=3479']],
    [
      ['-vp', '3479'],
      ['verbose', 'listening-port=3479'],
    ],
    [['-va'], ['verbose', 'lt-cred-mech']],
    [['--no-stun'], ['no-stun']],
    [['--no-stun=0'], ['no-stun=0']],
    [['--min-p=51000'], ['min-port=51000']],
    [['--realm=a=b'], ['realm=a=b']],
    [['--realm='], ['realm=']],
    [
      ['-L', '10.0.0.1', '-L', '10.0.0.2'],
      ['listening-ip=10.0.0.1', 'listening-ip=10.0.0.2'],
    ],
    [['word', '--no-tcp'], ['no-tcp']],
    [['--', '--no-tcp'], []],
    [['-u', 'joe:pw'], ['user=joe:pw']],
  ];
  test.each(cases)('%j', (argv, expected) => expect(pairs(argv)).toEqual(expected));

  test('a separate word is no value of a flag', () => {
    expect(pairs(['--no-stun', 'false'])).toEqual(['no-stun']);
    expect(read(['--no-stun', 'false']).extra).toEqual(['false']);
  });

  test('-c counts only as an argument of its own, -n anywhere', () => {
    expect(read(['-c', '/etc/a.conf']).configFile).toBe('/etc/a.conf');
    expect(read(['-c', 'a', '-c', 'b']).configFile).toBe('b');
    expect(read(['-c/etc/a.conf']).configFile).toBeNull();
    expect(read(['-n']).readsFile).toBe(false);
    expect(read(['-v']).readsFile).toBe(true);
  });

  test('an option that is gone becomes the abbreviation of another', () => {
    expect(pairs(['--no-tlsv1'], '4.6.1')).toEqual(['no-tlsv1']);
    expect(pairs(['--no-tlsv1'], '4.7.0')).toEqual(['no-tlsv1_2']);
    expect(pairs(['--drop-invalid-packets=0'], '4.18.0')).toEqual(['drop-invalid-packets-log=0']);
  });

  const refused: [string[], string, RegExp][] = [
    [['--no-tlsv1_1'], '4.18.0', /no-tlsv1_1/],
    [['--no-dtls'], '4.18.0', /no-dtls/],
    [['--no-t'], '4.6.1', /ambiguous/],
    [['--min_port=1'], '4.6.1', /min_port/],
    [['--realm'], '4.6.1', /without a value/],
    [['-Z'], '4.6.1', /-Z/],
    [['-h'], '4.6.1', /-h/],
    [['--version'], '4.6.1', /version/],
  ];
  test.each(refused)('%j stops coturn %s', (argv, version, reason) =>
    expect(read(argv, version).exits).toMatch(reason),
  );

  test('the text of an argument and the place of its value', () => {
    const [entry] = read(['-p', '3479']).entries;
    expect(entry).toMatchObject({
      origin: 'command-line',
      line: 1,
      text: '-p 3479',
      valueColumn: 4,
      rawValue: '3479',
    });
    expect(read(['--realm=ex.org']).entries[0]).toMatchObject({ text: '--realm=ex.org', valueColumn: 9 });
  });
});

describe.each(turnservers)('command lines, as $version reads them', turnserver => {
  const commandLines = [
    ['-p4000'],
    ['-p', '4000'],
    ['--listening-port', '4000'],
    ['--listening-p=4000'],
    ['-K'],
    ['-A', 'ipv6'],
    ['-Aipv6', '-vp', '4000'],
    ['--no-tcp', 'false'],
    ['--no-tcp=false'],
    ['--no-tc'],
    ['--no-tlsv1'],
    ['--no-tlsv1_1'],
    ['--no-dtls'],
    ['--drop-invalid-packets=0'],
    ['--multiplex-peer=1'],
    ['--prometheus'],
    ['--realm'],
    ['--max-allocate-l=700'],
    ['--no-sslv'],
    ['--sql-userd=x'],
    ['--', '-p', '4000'],
    ['word', '-p', '4000'],
    ['-b', 'db'],
    ['-'],
    ['-n', '-p', '4000'],
    ['--v'],
    ['--verb'],
    ['--u=joe:pw'],
    ['--log-f=stdout'],
    ['--listening-port=', '-v'],
    ['--no-udp=', '--no-tcp=oN'],
  ];
  test('abbreviations, letters, values and refusals', { timeout: 60_000 }, async () => {
    await inParallel(commandLines, 3, async argv => {
      const { version } = turnserver;
      const loopback = ['-L', '127.0.0.1', '-E', '127.0.0.1'];
      const args = parseArguments(['turnserver', '-v', ...loopback, ...argv], version, { build: 'debian' });
      const settings = settingsOf(
        configFact(parseConfig(new Uint8Array(), ''), { foundBy: 'asked', args }),
        version,
      );
      const { udp, tcp } = listenerPlan(settings);
      const listeners = [
        ...(udp.on && udp.port > 0 ? [`UDP listener opened on: 127.0.0.1:${udp.port}`] : []),
        ...(tcp.on && tcp.port > 0 ? [`TCP listener opened on : 127.0.0.1:${tcp.port}`] : []),
      ];
      const theirs = await verdictOf(turnserver, '', {
        argv,
        isComplete: log => listeners.every(line => log.includes(line)),
      });
      const refusedBoolean = argv.includes('--no-tcp=oN');
      const exits = args.exits !== null || refusedBoolean;
      expect(theirs.outcome, `${argv.join(' ')}\n${args.exits}\n${theirs.log.slice(-3000)}`).toBe(
        exits ? 'exits' : 'runs',
      );
    });
  });
});
