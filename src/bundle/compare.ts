import { canonicalName } from '../config/directives.ts';
import { relayRange } from '../config/effective.ts';
import { settingsOf } from '../config/settings.ts';
import { NEWEST_RELEASE } from '../config/versions.ts';
import type { Difference } from '../model/bundle.ts';
import type { Facts, SocketFact } from '../model/facts.ts';
import type { InboundVerdict } from '../model/firewall.ts';
import type { Observation } from '../model/observation.ts';
import { formatAddress } from '../model/transport.ts';

/** One bundle, as far as it is compared. */
export interface Side {
  readonly facts: Facts;
  /** Ids of the rules that failed. */
  readonly failed: readonly string[];
  text(path: string): string | null;
}

type Table = ReadonlyMap<string, string>;

/** What is not the same, most upstream first: what stands earlier can explain what stands later. */
export function compareBundles(good: Side, bad: Side): readonly Difference[] {
  return AREAS.flatMap(([area, tableOf]) => {
    const [before, after] = [tableOr(tableOf, good), tableOr(tableOf, bad)];
    const blind = [before, after].filter(isUnknown);
    // What the other one knows would all be told as absent.
    const names = blind.length === 0 ? inPlace([...before.keys()], [...after.keys()]) : keysOf(blind);
    const valueIn = (side: Table, what: string) =>
      side.get(what) ?? (blind.length === 0 || blind.includes(side) ? null : 'known');
    return (
      names
        .map(what => ({ area, what, good: valueIn(before, what), bad: valueIn(after, what) }))
        .filter(difference => difference.good !== difference.bad)
        // Two reasons for knowing nothing explain nothing; each names its own file.
        .filter(difference =>
          [difference.good, difference.bad].some(value => !value?.startsWith('unknown: ')),
        )
    );
  });
}

/** Names of both, in one order that keeps that of each: what was added stands before what only follows from it. */
function inPlace(before: readonly string[], after: readonly string[]): readonly string[] {
  const places = new Map(after.map((name, i) => [name, i]));
  const names = new Set<string>();
  let next = 0;
  for (const name of before) {
    for (const place = places.get(name) ?? -1; next <= place; next++) names.add(after[next] as string);
    names.add(name);
  }
  return [...names, ...after.slice(next).filter(name => !names.has(name))];
}

/** Facts of strangers may have any shape. */
function tableOr(tableOf: (side: Side) => Table, side: Side): Table {
  try {
    return tableOf(side);
  } catch (error) {
    if (error instanceof TypeError) return unknownAs('facts', 'they are damaged');
    throw error;
  }
}

const AREAS: readonly (readonly [Difference['area'], (side: Side) => Table])[] = [
  ['configuration', configuration],
  ['version', version],
  ['unit', unit],
  ['firewall', firewall],
  ['certificate', certificate],
  ['sysctl', sysctls],
  ['host', host],
  ['service', service],
  ['wire', wire],
  ['finding', ({ failed }) => new Map(failed.map(id => [id, 'failed']))],
];

/** The table, with values of the same name joined. */
function table(entries: Iterable<readonly [name: string, value: unknown]>): Table {
  const joined = new Map<string, string>();
  for (const [name, value] of entries) {
    const text = typeof value === 'string' ? value : String(JSON.stringify(value));
    const before = joined.get(name);
    joined.set(name, before === undefined ? text : `${before}; ${text}`);
  }
  return joined;
}

const keysOf = (tables: readonly Table[]): readonly string[] => [
  ...new Set(tables.flatMap(one => [...one.keys()])),
];

const isUnknown = (side: Table): boolean =>
  side.size === 1 && [...side.values()].every(value => value.startsWith('unknown: '));

/** What is not known is a difference too, where the other bundle knows it. */
const unknownAs = (name: string, reason: string): Table => new Map([[name, `unknown: ${reason}`]]);

function configuration({ facts: { config } }: Side): Table {
  if (!config.known) return unknownAs('configuration', config.reason);
  const { path, entries } = config.value;
  return table([
    ['file', path],
    ...entries.map(({ name, origin, value, secret }) => {
      const shown = secret === undefined ? (value ?? '(set)') : `${value} (${secret.length} characters)`;
      return [`${origin === 'file' ? '' : 'command line: '}${canonicalName(name)}`, shown] as const;
    }),
  ]);
}

function version({ facts: { version: fact }, text }: Side): Table {
  return table([
    ['coturn', fact.known ? fact.value.version : `unknown: ${fact.reason}`],
    ...pairs(text('host/packages.txt'), ' ', 'package '),
  ]);
}

/** Lines of `name=value`. */
const pairs = (text: string | null, separator: string, prefix: string) =>
  (text ?? '').split('\n').flatMap(line => {
    const at = line.indexOf(separator);
    return at < 1 ? [] : [[prefix + line.slice(0, at), line.slice(at + separator.length)] as const];
  });

/** What the unit is; how it fares is for `service`. */
function unit({ facts: { service: fact }, text }: Side): Table {
  if (!fact.known) return unknownAs('service', fact.reason);
  const lines = (text('service/unit.txt') ?? '').split('\n').filter(line => /^\s*[^\s#;[]/.test(line));
  const { name, manager, enabled, user, group, argv, fragments, privateTmp } = fact.value;
  return table([
    ...lines.map(line => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=/, '')] as const),
    ...Object.entries({ name, manager, enabled, user, group, fragments, privateTmp }),
    ['command', argv.join(' ')],
  ]);
}

/** For each range of ports over which nothing changes, what happens to a new packet. */
function firewall({ facts: { firewall: fact } }: Side): Table {
  if (!fact.known) return unknownAs('firewall', fact.reason);
  const { manager, zone, inbound } = fact.value;
  return table([
    ['manager', manager],
    ...(zone === undefined ? [] : [['zone', zone] as const]),
    ...groupsOf(inbound).map(([name, verdicts]) => [name, verdicts.map(shown).join(', ')] as const),
  ]);
}

function groupsOf(
  verdicts: readonly InboundVerdict[],
): readonly (readonly [string, readonly InboundVerdict[]])[] {
  const groups = new Map<string, InboundVerdict[]>();
  for (const verdict of verdicts) {
    const name = `inbound ${verdict.protocol}, ${verdict.family}`;
    const group = groups.get(name) ?? [];
    const last = group.at(-1);
    if (last?.verdict === verdict.verdict) group[group.length - 1] = { ...last, to: verdict.to };
    else group.push(verdict);
    groups.set(name, group);
  }
  return [...groups];
}

const shown = ({ from, to, verdict }: InboundVerdict): string =>
  `${from === to ? from : `${from}-${to}`} ${verdict}`;

function certificate({ facts: { tlsFiles } }: Side): Table {
  if (!tlsFiles.known) return unknownAs('files', tlsFiles.reason);
  const { certificate: read, key, certificateFile, keyFile } = tlsFiles.value;
  const files = Object.entries({ 'certificate file': certificateFile, 'key file': keyFile });
  return table([
    ...files.map(([name, { path }]) => [name, path] as const),
    ...(read.known ? certificateLines(read.value) : [['certificate', `unknown: ${read.reason}`] as const]),
    ...(key.known ? Object.entries(key.value) : [['key', `unknown: ${key.reason}`] as const]),
    ...files.map(([name, { exists, readableByService, blockedBecause }]) => {
      const readable = `readable by the service: ${readableByService ?? 'not known'}`;
      return [`${name}, state`, exists ? (blockedBecause ?? readable) : 'does not exist'] as const;
    }),
  ]);
}

type Certificate = Extract<Facts['tlsFiles'], { known: true }>['value']['certificate'];

/** What a client stumbles over first. */
const certificateLines = (value: Extract<Certificate, { known: true }>['value']) => {
  const { names, notAfter, notBefore, subject, issuer, ...rest } = value;
  return Object.entries({ names, notAfter, notBefore, subject, issuer, ...rest });
};

/** Counts of the moment explain nothing. */
const COUNTS = /_count$/;

function sysctls({ text }: Side): Table {
  const lines = (text('host/sysctls.txt') ?? '').split('\n').map(line => line.split(/\s*=\s*/));
  return table(
    lines.flatMap(([name = '', value]) =>
      value === undefined || COUNTS.test(name) ? [] : [[name, value.replaceAll(/\s+/g, ' ')] as const],
    ),
  );
}

function host({ facts, text }: Side): Table {
  const { addresses, log, configFile, containers } = facts;
  return table([
    ...(addresses.known ? addresses.value.map(one => [`address ${one.ip}`, one.interface] as const) : []),
    ...(configFile.known
      ? [
          [
            'configuration file',
            `${configFile.value.owner}:${configFile.value.group} ${configFile.value.mode.toString(8)}`,
          ] as const,
        ]
      : []),
    ...(log.known ? [['log', log.value.actual ?? log.value.destination] as const] : []),
    ...(containers.known ? containers.value.map(one => [`container ${one.name}`, one.image] as const) : []),
    ...pairs(text('host/clock.txt'), '=', 'clock '),
    ...['kernel', 'routes', 'resolver', 'hosts'].flatMap(name => {
      const content = text(`host/${name}.txt`);
      return content === null ? [] : [[name, content.trim()] as const];
    }),
  ]);
}

/** How the service fares. */
function service({ facts }: Side): Table {
  const { service: fact, processes } = facts;
  const { load, active, result } = fact.known ? fact.value : {};
  return table([
    ...Object.entries({ load, active, result }).filter(([, value]) => value !== undefined),
    ...(processes.known ? [['turnserver processes', String(processes.value.length)] as const] : []),
    ...listening(facts),
  ]);
}

/** The kernel hands out ports from here on, by default. */
const EPHEMERAL = 32_768;

/** Sockets of relays and of clients come and go; a turnserver has many on one address. */
function listening({ sockets, config, version }: Facts): readonly (readonly [name: string, value: string])[] {
  if (!sockets.known) return [];
  const release = version.known ? version.value.version : NEWEST_RELEASE;
  const relay = config.known
    ? relayRange(settingsOf(config.value, release))
    : { min: EPHEMERAL, max: 65_535 };
  const comesAndGoes = ({ protocol, port, program }: SocketFact): boolean =>
    program === 'turnserver'
      ? protocol === 'udp' && port >= relay.min && port <= relay.max
      : port >= EPHEMERAL;
  const lasting = sockets.value.filter(socket => !comesAndGoes(socket));
  return [
    ...new Map(lasting.map(one => [`${one.protocol} ${one.ip} ${one.port}`, one.program ?? 'listening'])),
  ];
}

function wire({ facts: { wire: fact } }: Side): Table {
  if (!fact.known) return unknownAs('wire', fact.reason);
  return table(fact.value.observations.map(observation => [nameOf(observation), outcomeOf(observation)]));
}

const nameOf = (observation: Observation): string => {
  const about = 'requestedTransport' in observation ? ` for ${observation.requestedTransport}` : '';
  const trial = 'trial' in observation ? ` ${observation.trial}` : '';
  const address = observation.server === undefined ? '' : ` at ${formatAddress(observation.server)}`;
  return `${observation.probe}${trial} ${observation.uri}${address}${about}`;
};

function outcomeOf(observation: Observation): string {
  if ('code' in observation) return `${observation.outcome} ${observation.code}`;
  if (observation.probe !== 'tls-handshake' || observation.outcome !== 'handshake')
    return observation.outcome;
  const { certificate: served, untrusted, nameMismatch } = observation;
  const problem = untrusted ?? nameMismatch;
  const about = `certificate of ${served.names.join(', ')} until ${served.notAfter}`;
  return `handshake, ${about}${problem === undefined ? '' : `: ${problem}`}`;
}
