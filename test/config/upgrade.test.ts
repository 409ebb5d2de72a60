import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DIRECTIVES } from '../../src/config/directives.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { parseArguments } from '../../src/config/parse-arguments.ts';
import { configFact } from '../../src/config/redact.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { startFailures } from '../../src/config/start-failure.ts';
import { upgradeChanges } from '../../src/config/upgrade.ts';
import { BEHAVIOURS } from '../../src/config/upgrade-behaviours.ts';
import { RELEASES } from '../../src/config/versions.ts';
import type { UpgradeChange, UpgradeKind } from '../../src/model/upgrade.ts';
import { inParallel, newer, verdictOf } from './turnserver.ts';

interface Asked {
  readonly argv?: readonly string[];
  readonly relaysIpv6?: boolean | null;
}

function factOf(bytes: Uint8Array, from: string, argv: readonly string[] = []) {
  const parsed = parseConfig(bytes, 'turnserver.conf', from);
  const args = argv.length === 0 ? undefined : parseArguments(['turnserver', ...argv], from);
  return configFact(parsed, { foundBy: 'asked', args });
}

const upgrade = (
  lines: readonly string[],
  from: string,
  to: string,
  { argv = [], relaysIpv6 = null }: Asked = {},
): UpgradeChange[] =>
  upgradeChanges(factOf(new TextEncoder().encode(lines.join('\n')), from, argv), from, to, { relaysIpv6 });

interface Case extends Asked {
  readonly name: string;
  readonly lines: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly expected: {
    readonly kind: UpgradeKind;
    readonly since: string;
    readonly what: RegExp;
    readonly remedy?: RegExp;
  } | null;
  /** What must be absent, where nothing is expected. */
  readonly about?: RegExp;
}

const tls = ['cert=/c.pem', 'pkey=/k.pem'];

const cases: readonly Case[] = [
  {
    name: 'a port modulo 65536 is refused',
    lines: ['min-port=70000'],
    expected: { kind: 'breaks', since: '4.13.0', what: /no port for min-port/, remedy: /min-port=4464\b/ },
  },
  {
    name: 'CIDR is refused',
    lines: ['denied-peer-ip=10.0.0.0/8'],
    expected: {
      kind: 'breaks',
      since: '4.11.0',
      what: /coturn exits/,
      remedy: /denied-peer-ip=10\.0\.0\.0-10\.255\.255\.255\./,
    },
  },
  {
    name: 'what exits before and after is no change',
    lines: ['no-stun=maybe'],
    expected: null,
    about: /exits/,
  },
  {
    name: 'loopback peers need no password of a CLI that is off',
    lines: ['allow-loopback-peers'],
    expected: { kind: 'improves', since: '4.10.0', what: /starts in spite/ },
  },
  {
    name: 'an allowed range that is refused for good',
    lines: ['allowed-peer-ip=fd00::1-fd00::ff'],
    expected: { kind: 'breaks', since: '4.13.1', what: /fd00::1-fd00::ff is refused/ },
  },
  {
    name: 'unique local peers of an IPv6 relay',
    lines: [],
    relaysIpv6: true,
    expected: { kind: 'changes', since: '4.13.1', what: /fc00::\/7/ },
  },
  {
    name: 'link-local peers, where nobody loses anything',
    lines: [],
    expected: { kind: 'improves', since: '4.13.1', what: /169\.254\.0\.0\/16/ },
  },
  {
    name: 'private peers stay open',
    lines: ['denied-peer-ip=10.0.0.0-10.255.255.255'],
    expected: { kind: 'notes', since: '4.18.0', what: /still reach 100\.64\.0\.0\/10, 172/ },
  },
  {
    name: 'the private half of external-ip is allowed from 4.5.2 on',
    lines: ['external-ip=203.0.113.1/10.0.0.5', 'denied-peer-ip=10.0.0.0-10.255.255.255'],
    from: '4.5.1.3',
    to: '4.6.1',
    expected: { kind: 'exposes', since: '4.5.2', what: /10\.0\.0\.5/ },
  },
  {
    name: 'a removed flag that asked for the default',
    lines: ['no-tlsv1'],
    expected: { kind: 'notes', since: '4.7.0', what: /drops the line \(TLS 1\.0 is off/, remedy: /Delete/ },
  },
  {
    name: 'a removed flag that asked for the opposite',
    lines: ['no-tlsv1=0'],
    expected: { kind: 'changes', since: '4.7.0', what: /opposite/, remedy: /Write tlsv1 / },
  },
  {
    name: 'a renamed option whose new name is out of date too',
    lines: ['prod'],
    expected: { kind: 'notes', since: '4.7.0', what: /has no prod/, remedy: /Delete/ },
  },
  {
    name: 'a renamed option whose new name still counts',
    lines: ['prod'],
    from: '4.5.1.1',
    to: '4.6.1',
    expected: { kind: 'notes', since: '4.5.1.2', what: /deprecated/, remedy: /no-software-attribute/ },
  },
  {
    name: 'a line that begins to count',
    lines: ['rfc5780'],
    expected: { kind: 'notes', since: '4.7.0', what: /takes effect/ },
  },
  {
    name: 'a value that begins to count',
    lines: ['new-log-timestamp=0'],
    expected: { kind: 'notes', since: '4.17.0', what: /reads the value/, remedy: /alone/ },
  },
  {
    name: '--no-tlsv1 becomes --no-tlsv1_2',
    lines: [],
    argv: ['--no-tlsv1'],
    expected: {
      kind: 'breaks',
      since: '4.7.0',
      what: /--no-tlsv1 for --no-tlsv1_2/,
      remedy: /Delete --no-tlsv1/,
    },
  },
  {
    name: '--no-dtls ends coturn',
    lines: [],
    argv: ['--no-dtls'],
    expected: { kind: 'breaks', since: '4.18.0', what: /usage text.*--no-dtls/ },
  },
  {
    name: '--no-sslv3 ends coturn',
    lines: [],
    argv: ['--no-sslv3'],
    expected: { kind: 'breaks', since: '4.7.0', what: /--no-sslv3/ },
  },
  {
    name: '--drop-invalid-packets=0 becomes --drop-invalid-packets-log',
    lines: [],
    argv: ['--drop-invalid-packets=0'],
    from: '4.17.0',
    expected: { kind: 'breaks', since: '4.18.0', what: /--drop-invalid-packets-log/ },
  },
  {
    name: '--ne is no option any more, nor the beginning of one alone',
    lines: [],
    argv: ['--ne=3'],
    expected: { kind: 'breaks', since: '4.10.0', what: /has no --ne/ },
  },
  {
    name: 'DTLS is switched off',
    lines: tls,
    expected: { kind: 'changes', since: '4.17.0', what: /DTLS is off/, remedy: /Add dtls/ },
  },
  { name: 'DTLS was off', lines: [...tls, 'no-dtls'], expected: null, about: /DTLS is off: / },
  {
    name: 'the CLI is switched off',
    lines: ['cli-password=something'],
    expected: { kind: 'changes', since: '4.10.0', what: /telnet CLI is off/, remedy: /Add cli\b/ },
  },
  { name: 'a CLI without password never ran', lines: [], expected: null, about: /CLI/ },
  {
    name: 'old STUN is not served',
    lines: [],
    expected: { kind: 'changes', since: '4.7.0', what: /RFC 3489/ },
  },
  { name: 'no STUN at all', lines: ['no-stun'], expected: null, about: /RFC 3489|Binding answer/ },
  {
    name: 'a release to skip',
    lines: [],
    to: '4.17.1',
    expected: { kind: 'breaks', since: '4.17.0', what: /TTL 1/, remedy: /4\.17\.2 or later/ },
  },
  { name: 'the release that mends it', lines: [], to: '4.17.2', expected: null, about: /TTL 1/ },
  {
    name: 'relay-threads without effect',
    lines: ['relay-threads=4'],
    to: '4.9.0',
    expected: { kind: 'exposes', since: '4.8.0', what: /relay-threads is ignored/, remedy: /4\.14\.0.*cpus/ },
  },
  {
    name: 'what is mended',
    lines: ['mobility'],
    expected: { kind: 'improves', since: '4.18.0', what: /coturn#1969/ },
  },
];

describe('what an upgrade changes', () => {
  test.each(cases)('$name', ({ lines, from = '4.6.1', to = '4.18.0', expected, about, ...asked }) => {
    const changes = upgrade(lines, from, to, asked);
    if (expected === null) {
      expect(changes.filter(({ what }) => about!.test(what))).toEqual([]);
      return;
    }
    const found = changes.find(({ kind, what }) => kind === expected.kind && expected.what.test(what));
    expect(found, JSON.stringify(changes, null, 1)).toMatchObject({ since: expected.since });
    expect(found?.remedy ?? '').toMatch(expected.remedy ?? /(?:)/);
  });

  test('nothing between a release and itself', () => {
    expect(upgrade(['no-tlsv1', 'min-port=70000'], '4.18.0', '4.18.0')).toEqual([]);
  });

  test('every default that changes in the option table is told', () => {
    const told = new Set(BEHAVIOURS.flatMap(({ options, since }) => options.map(name => `${since} ${name}`)));
    const changing = DIRECTIVES.flatMap(({ name, defaults }) =>
      defaults.slice(1).map(({ since }) => `${since} ${name}`),
    );
    expect(changing.filter(change => !told.has(change))).toEqual([]);
  });

  test('behaviours name releases that exist, in order', () => {
    const order = BEHAVIOURS.map(({ since }) => (RELEASES as readonly string[]).indexOf(since));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});

interface Verdict {
  readonly unknown: readonly string[];
  readonly exits: boolean;
}
type RealCase = { readonly file: string } & Readonly<Record<'4.6.1' | '4.18.0', Verdict>>;

const folder = new URL('../fixtures/real-world/', import.meta.url);
const real: readonly RealCase[] = JSON.parse(readFileSync(new URL('verdicts.json', folder), 'utf8'));

/** What the changes say of the start and of lines, from 4.6.1 to 4.18.0. */
function prediction(bytes: Uint8Array) {
  const fact = factOf(bytes, '4.6.1');
  const changes = upgradeChanges(fact, '4.6.1', '4.18.0', { relaysIpv6: null });
  const lines = (pattern: RegExp): string[] =>
    [...new Set(changes.filter(({ what }) => pattern.test(what)).map(({ option }) => option!))].sort();
  const exitsBefore = startFailures(settingsOf(fact, '4.6.1')).length;
  const count = (pattern: RegExp): number => changes.filter(({ what }) => pattern.test(what)).length;
  return {
    exits: exitsBefore - count(/^coturn starts in spite/) + count(/^coturn exits:/) > 0,
    dropped: lines(/and drops the line/),
    known: lines(/and the line takes effect/),
  };
}

const difference = (a: readonly string[], b: readonly string[]): string[] =>
  [...new Set(a.filter(name => !b.includes(name)))].sort();

/** A file's own log options beat the command line, and later lines beat earlier ones. */
const TO_STDOUT = Buffer.from('\nlog-file=stdout\nno-stdout-log=0\nsyslog=0\ndaemon=0\n');

/** Known to 4.18.0, where Prometheus is built in. */
const built = (names: readonly string[]): string[] => names.filter(name => !name.startsWith('prometheus'));

describe('real files from 4.6.1 to 4.18.0', () => {
  test.each(real)('$file', ({ file, ...verdicts }) => {
    const { exits, dropped, known } = prediction(readFileSync(new URL(file, folder)));
    const [before, after] = [verdicts['4.6.1'], verdicts['4.18.0']];
    expect({ exits, dropped, known: built(known) }).toEqual({
      exits: after.exits,
      dropped: difference(after.unknown, before.unknown),
      known: difference(before.unknown, after.unknown),
    });
  });

  test('as the newer coturn itself starts them', { timeout: 120_000 }, async context => {
    if (newer?.version !== '4.18.0') context.skip('TURNCTL_COTURN_NEWER names no turnserver 4.18.0');
    await inParallel(real, 3, async ({ file, ...verdicts }) => {
      const bytes = readFileSync(new URL(file, folder));
      const { exits, dropped } = prediction(bytes);
      const theirs = await verdictOf(newer!, Buffer.concat([bytes, TO_STDOUT]));
      expect(exits, `${file}\n${theirs.log}`).toBe(theirs.outcome === 'exits');
      // It waits for a name server, which the namespace has not, before the last pass over the file.
      if (/error resolving/.test(theirs.log)) return;
      const newlyUnknown = difference(theirs.unknown, verdicts['4.6.1'].unknown);
      expect(dropped, `${file}\n${theirs.log}`).toEqual(newlyUnknown);
    });
  });
});

describe('arguments of 4.6.1 on the command line of 4.18.0', () => {
  const expected: Readonly<Record<string, boolean>> = {
    '--no-tlsv1': false,
    '--no-tlsv1_1': true,
    '--no-sslv3': true,
    '--no-dtls': true,
    '--no-stun-backward-compatibility': true,
    '--no-cli': false,
    '--ne=3': true,
    '--min-p=50000': false,
  };
  const predicted = (argument: string): boolean =>
    upgrade([], '4.6.1', '4.18.0', { argv: [argument] }).some(({ what }) => /usage text/.test(what));

  test.each(Object.entries(expected))('%s ends it: %s', (argument, exits) => {
    expect(predicted(argument)).toBe(exits);
  });

  test('as the newer coturn itself takes them', { timeout: 120_000 }, async context => {
    if (newer?.version !== '4.18.0') context.skip('TURNCTL_COTURN_NEWER names no turnserver 4.18.0');
    await inParallel(Object.entries(expected), 3, async ([argument, exits]) => {
      const { outcome, log } = await verdictOf(newer!, '', { argv: [argument] });
      expect(outcome, `${argument}\n${log}`).toBe(exits ? 'exits' : 'runs');
    });
  });
});
