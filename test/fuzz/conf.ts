import { isDeepStrictEqual } from 'node:util';
import { DIRECTIVES } from '../../src/config/directives.ts';
import { applyEdits, type ConfigEdit } from '../../src/config/edit.ts';
import { authentication, listenerPlan, logDestination, relayRange } from '../../src/config/effective.ts';
import { type ParsedConfig, parseConfig } from '../../src/config/parse.ts';
import { deniedPeers, reachablePeers } from '../../src/config/peer-policy.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { startFailures } from '../../src/config/start-failure.ts';
import { unknownFacts } from '../../src/facts/unknown-facts.ts';
import { known } from '../../src/model/fact.ts';
import type { ConfigFact } from '../../src/model/facts.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import { bytesOf, type FuzzTarget, must } from './target.ts';

const VERSIONS = ['4.5.1.1', '4.6.1', '4.18.0'];
const OBSERVED_AT = '2026-01-31T12:00:00.000Z';
/** In no sample file, so that where it turns up it was let out. */
const SECRET = 'n0rthUmbr1aPebble77';

const WORDS = [
  '=',
  ' = ',
  '\n',
  '\r\n',
  '\r',
  '#',
  ';',
  '"',
  "'",
  '\ufeff',
  '0',
  '-1',
  '65536',
  '1M',
  'true',
  'false',
]
  .concat([
    '10.0.0.0-10.255.255.255',
    '10.0.0.0/8',
    '2001:db8::1',
    '::',
    '203.0.113.1/10.0.0.1',
    'a:b',
    '0x',
    '$(hostname)',
  ])
  .concat([
    `static-auth-secret=${SECRET}\n`,
    `user=ada:${SECRET}\n`,
    '# turnctl-ignore listener/no-stun: x\n',
  ]);

/** A configuration file of anybody, up to the verdict of every rule that needs nothing else. */
export function confTarget(files: readonly Uint8Array[]): FuzzTarget {
  const names = DIRECTIVES.map(({ name }) => name);
  return {
    name: 'conf',
    corpus: [...files, bytesOf(`realm=a\nstatic-auth-secret=${SECRET}\n`)],
    words: [...WORDS, ...names, ...names.map(name => `\n${name}=`)].map(bytesOf),
    // Four thousand misspelt lines are as many findings, each with the names nearest to it: work, and not a hang.
    slowMs: 1000,
    steps: [
      checkParse,
      ...VERSIONS.map(version => (input: Uint8Array) => checkSettings(factOf(input), version)),
      input => checkRules(factOf(input)),
      input =>
        must(isDeepStrictEqual(Buffer.from(applyEdits(input, [])), Buffer.from(input)), 'no edit, no change'),
      ...EDITS.map(edit => (input: Uint8Array) => checkEdit(input, edit)),
    ],
  };
}

const factOf = (input: Uint8Array): ConfigFact =>
  readConfig(input, { path: 'turnserver.conf', foundBy: 'asked' });

function checkParse(input: Uint8Array): void {
  const parsed = parseConfig(input, 'turnserver.conf');
  checkSpans(parsed);
  if (!holdsSecretOnlyAsSecret(parsed)) return;
  must(!JSON.stringify(factOf(input)).includes(SECRET), 'a fact holds no secret');
}

function checkSpans({ bytes, lines, entries }: ParsedConfig): void {
  let at = 0;
  for (const line of lines) {
    must(line.start === at && line.end <= line.next && line.next > at, 'lines follow one another');
    at = line.next;
  }
  must(at === bytes.length, 'the lines are the whole file');
  for (const { span, nameSpan, valueSpan } of entries) {
    for (const inner of [span, nameSpan, valueSpan]) {
      if (inner) must(inner.start <= inner.end && inner.end <= bytes.length, 'a span lies in the file');
    }
  }
}

const holdsSecretOnlyAsSecret = ({ bytes, entries }: ParsedConfig): boolean => {
  const occurrences = Buffer.from(bytes).toString('latin1').split(SECRET).length - 1;
  const lines = entries.filter(({ name, value }) => name === 'static-auth-secret' && value === SECRET);
  return occurrences > 0 && occurrences === lines.length;
};

function checkSettings(config: ConfigFact, version: string): void {
  const settings = settingsOf(config, version);
  for (const { name, type } of DIRECTIVES) {
    settings.isSet(name);
    if (type === 'flag') must(typeof settings.flag(name) === 'boolean', `${name} is on or off`);
    must(typeof settings.number(name) === 'number', `${name} is a number or NaN`);
    settings.port(name);
    settings.text(name);
    settings.list(name);
  }
  authentication(settings);
  listenerPlan(settings);
  logDestination(settings);
  relayRange(settings);
  deniedPeers(settings);
  reachablePeers(settings);
  startFailures(settings);
}

function checkRules(config: ConfigFact): void {
  const version = known({ version: '4.6.1', origin: 'asked' as const });
  const facts = { ...unknownFacts(OBSERVED_AT, 'fuzzing'), config: known(config), version };
  const crashed = runRules(rules, facts, Date.parse(OBSERVED_AT)).find(
    ({ outcome }) => outcome === 'crashed',
  );
  must(crashed === undefined, `no rule crashes: ${crashed?.id}: ${crashed?.reason}`);
}

const EDITS: readonly ConfigEdit[] = [
  { kind: 'set', option: 'realm', value: 'example.org' },
  { kind: 'comment-out', target: { option: 'no-stun' } },
  { kind: 'insert', text: 'no-multicast-peers' },
  { kind: 'mend-line-ends' },
  { kind: 'strip-byte-order-mark' },
];

function checkEdit(input: Uint8Array, edit: ConfigEdit): void {
  const once = applyEdits(input, [edit]);
  must(isDeepStrictEqual(applyEdits(once, [edit]), once), `${edit.kind} is done when it is done`);
}
