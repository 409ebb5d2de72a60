import type { ConfigEntry } from '../model/facts.ts';
import { oncePerObject } from '../util/once.ts';
import { canonicalDirective, type Directive, readingOf } from './directives.ts';
import { wantsCli } from './effective.ts';
import { readPeerRange } from './peer-policy.ts';
import type { Settings } from './settings.ts';
import { atoi, readBoolean, readPort } from './values.ts';
import { isAtLeast } from './versions.ts';

/** A value or a combination over which coturn exits. An inverted relay range is none: it fails at the first Allocate. */
export interface StartFailure {
  readonly kind:
    | 'boolean'
    | 'port'
    | 'peer-range'
    | 'number'
    | 'user-name'
    | 'version-line'
    | 'exclusive'
    | 'missing-companion';
  /** The line or argument to blame, and another that takes part. */
  readonly entry: ConfigEntry | undefined;
  readonly other?: ConfigEntry | undefined;
  /** What coturn refuses, as the end of "coturn exits: …". */
  readonly reason: string;
}

/** The first reason for which coturn exits at start; undefined when the configuration alone gives none. */
export const startFailure = (settings: Settings): StartFailure | undefined => startFailures(settings)[0];

/** Every such reason, values before combinations. Host names that may not resolve are not judged. */
export const startFailures = oncePerObject((settings: Settings): readonly StartFailure[] => [
  ...settings.known.flatMap(entry => refusedValue(entry, settings.version) ?? []),
  ...refusedCombinations(settings),
]);

function refusedValue(entry: ConfigEntry, version: string): StartFailure | null {
  const directive = canonicalDirective(entry.name)!;
  const value = entry.value ?? '';
  const exits = (kind: StartFailure['kind'], reason: string): StartFailure => ({
    kind,
    entry,
    reason,
  });
  const { name } = directive;
  if (directive.commandLineOnly) return exits('version-line', `${name} is for the command line only`);
  const reading = readingOf(directive, version);
  if (directive.type === 'flag' && (reading === 'honoured' || reading === 'true-only')) {
    return readBoolean(entry.value) === null
      ? exits('boolean', `"${value}" is no boolean value of ${name}`)
      : null;
  }
  if (directive.type === 'port' && readPort(value, version) === 'fatal') {
    return exits('port', `"${value}" is no port for ${name}`);
  }
  if (directive.type === 'ip-range' && isAtLeast(version, '4.11.0') && readPeerRange(value) === null) {
    return exits('peer-range', `"${value}" is no address or range for ${name}`);
  }
  if (MULTIPLEX_LIMITS.has(name) && !isWithin(atoi(value), directive)) {
    return exits('number', `${name} must be from ${directive.min} to ${directive.max}`);
  }
  if ((name === 'proc-user' || name === 'proc-group') && value === '')
    return exits('user-name', `${name} is empty`);
  return null;
}

const MULTIPLEX_LIMITS: ReadonlySet<string> = new Set(['multiplex-peer-port', 'multiplex-peer-max-peers']);

const isWithin = (value: number, { min, max }: Directive): boolean =>
  value >= (min ?? 0) && value <= (max ?? Infinity);

function refusedCombinations(settings: Settings): StartFailure[] {
  const failures: StartFailure[] = [];
  const exits = (kind: StartFailure['kind'], option: string, other: string, reason: string): void => {
    failures.push({
      kind,
      entry: settings.deciding(option),
      other: settings.deciding(other),
      reason,
    });
  };
  if (settings.flag('no-auth')) {
    const mechanism = ['static-auth-secret', 'use-auth-secret'].find(settings.isSet) ?? 'lt-cred-mech';
    if (mechanism !== 'lt-cred-mech' || settings.flag('lt-cred-mech')) {
      exits('exclusive', 'no-auth', mechanism, `no-auth and ${mechanism} cannot be used together`);
    }
  }
  if (settings.flag('no-udp-relay') && settings.flag('no-tcp-relay')) {
    exits(
      'exclusive',
      'no-udp-relay',
      'no-tcp-relay',
      'no-udp-relay and no-tcp-relay leave nothing to relay',
    );
  }
  if (settings.number('bps-capacity') > 0 && !(settings.number('max-bps') > 0)) {
    exits('missing-companion', 'bps-capacity', 'max-bps', 'bps-capacity needs max-bps');
  }
  if (settings.flag('allow-loopback-peers') && wantsCli(settings) && settings.text('cli-password') === '') {
    const cli = isAtLeast(settings.version, '4.10.0') ? 'cli' : 'cli-password';
    exits(
      'missing-companion',
      'allow-loopback-peers',
      cli,
      'allow-loopback-peers with the CLI on needs cli-password',
    );
  }
  return failures;
}
