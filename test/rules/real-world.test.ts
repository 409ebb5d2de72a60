import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import type { Check } from '../../src/model/report.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import { fileAlone } from '../support/facts-builder.ts';

interface Verdict {
  readonly unknown: readonly string[];
  readonly exits: boolean;
  readonly badValues: readonly { readonly option: string; readonly value: string }[];
}
type Version = '4.6.1' | '4.18.0';
type Case = { readonly file: string; readonly isCoturn: boolean } & Readonly<Record<Version, Verdict>>;

const folder = new URL('../fixtures/real-world/', import.meta.url);
const cases: readonly Case[] = JSON.parse(readFileSync(new URL('verdicts.json', folder), 'utf8'));

function judge(file: string, version: Version): Check[] {
  const bytes = readFileSync(new URL(file, folder));
  const config = readConfig(bytes, { path: file, foundBy: 'asked', version });
  const { facts } = fileAlone.with({ config }).asVersion(version);
  return runRules(rules, facts, Date.parse(facts.observedAt));
}

const failed = (checks: readonly Check[], ...ids: string[]) =>
  checks.filter(check => check.outcome === 'failed' && (ids.length === 0 || ids.includes(check.id)));

/** Rules that together say which lines coturn calls "Bad configuration format". */
const UNKNOWN = [
  'config/unknown-option',
  'config/newer-option',
  'config/removed-option',
  'config/build-dependent-option',
];

/** Rules that say "coturn exits". */
const FATAL = /\bexits\b|\bcrashes\b/;

describe.each(['4.6.1', '4.18.0'] as const)('real files judged as %s', version => {
  test.each(cases.map((c): [string, Case] => [c.file, c]))('%s', (file, expected) => {
    const checks = judge(file, version);
    const { unknown, exits, badValues } = expected[version];
    expect(checks.filter(check => check.outcome === 'crashed')).toEqual([]);

    const isForeign = failed(checks, 'config/not-coturn').length > 0;
    expect(isForeign).toBe(!expected.isCoturn);
    if (isForeign) {
      expect(failed(checks).filter(check => check.id.startsWith('config/'))).toHaveLength(1);
      return;
    }
    // Binaries of the verdicts are Debian's, without Prometheus.
    const named = failed(checks, ...UNKNOWN).flatMap(check => check.findings.map(finding => finding.option));
    expect([...new Set(named)].sort()).toEqual([...unknown].sort());

    const fatal = failed(checks).flatMap(check => check.findings.filter(f => FATAL.test(f.message)));
    expect(fatal.some(({ severity }) => severity === 'error')).toBe(exits);

    const lines = failed(checks)
      .filter(check => check.severity !== 'info')
      .flatMap(check => check.findings.map(finding => finding.evidence ?? ''));
    for (const { option, value } of badValues.filter(bad => bad.option.endsWith('-ip'))) {
      const start = value.split(/[\s#]/)[0]!;
      const name = option === 'peer-ip' ? 'allowed-peer-ip' : option;
      expect(lines.some(line => line.includes(name) && line.includes(start))).toBe(true);
    }
  });
});
