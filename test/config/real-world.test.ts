import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isKnown } from '../../src/config/directives.ts';
import { authentication } from '../../src/config/effective.ts';
import { type ParsedConfig, parseConfig } from '../../src/config/parse.ts';
import { readPeerRange } from '../../src/config/peer-policy.ts';
import { configFact } from '../../src/config/redact.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { startFailures } from '../../src/config/start-failure.ts';
import { addressForm, readPort } from '../../src/config/values.ts';

interface Verdict {
  readonly unknown: readonly string[];
  readonly exits: boolean;
  /** `peer-ip` and `port` stand for any option of that kind. */
  readonly badValues: readonly { readonly option: string; readonly value: string }[];
  readonly alerts: readonly string[];
}
type Version = '4.6.1' | '4.18.0';
type Case = { readonly file: string; readonly isCoturn: boolean } & Readonly<Record<Version, Verdict>>;

const folder = new URL('../fixtures/real-world/', import.meta.url);
const cases: readonly Case[] = JSON.parse(readFileSync(new URL('verdicts.json', folder), 'utf8'));
const read = (file: string): ParsedConfig => parseConfig(readFileSync(new URL(file, folder)), file);

/** The values of the file that coturn has no use for, under the names of the verdicts. */
function badValues({ entries }: ParsedConfig, version: Version): string[] {
  const bad = entries.flatMap(({ name, value }) => {
    const text = value ?? '';
    if (['external-ip', 'listening-ip', 'relay-ip'].includes(name)) {
      // Of a pair, coturn names the half it cannot read.
      return text.split('/').flatMap(half => (addressForm(half) === 'address' ? [] : [[name, half]]));
    }
    if (name.endsWith('-peer-ip'))
      return typeof readPeerRange(text) === 'object' && readPeerRange(text) ? [] : [['peer-ip', text]];
    return name.endsWith('-port') && readPort(text, version) === 'fatal' ? [['port', text]] : [];
  });
  return bad.map(([option, value]) => `${option} ${value!.replace(/\s+/g, ' ')}`);
}

describe.each(['4.6.1', '4.18.0'] as const)(
  'files found in the wild, as Debian coturn %s read them',
  version => {
    describe.each(cases)('$file', ({ file, [version]: verdict }) => {
      const parsed = read(file);
      const fact = configFact(parsed, { foundBy: 'asked' });
      const settings = settingsOf(fact, version);

      test('unknown options', () => {
        const unknown = parsed.entries
          .map(({ name }) => name)
          .filter(name => !isKnown(name, version, 'debian'));
        expect([...new Set(unknown)].sort()).toEqual([...verdict.unknown].sort());
      });

      test('bad values', () => {
        const found = badValues(parsed, version);
        for (const { option, value } of verdict.badValues) expect(found).toContain(`${option} ${value}`);
      });

      test('whether it starts', () => {
        expect(startFailures(settings).length > 0).toBe(verdict.exits);
      });

      test('what coturn remarks about accounts', () => {
        const { mode } = authentication(settings);
        const alert = (name: string): boolean => verdict.alerts.includes(name);
        if (alert('user_without_lt_cred_mech')) expect(mode).toBe('static-users');
        if (alert('user_with_no_auth')) expect(mode).toBe('anonymous');
        if (alert('lt_cred_mech_with_use_auth_secret')) expect(mode).toBe('shared-secret');
        expect(settings.flag('server-relay')).toBe(alert('server_relay'));
        expect(settings.flag('allow-loopback-peers')).toBe(alert('allow_loopback_peers'));
      });
    });
  },
);
