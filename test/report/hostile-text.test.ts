import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { FORMATS } from '../../src/commands/options.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { Observation } from '../../src/model/observation.ts';
import { renderReport } from '../../src/report/index.ts';
import { fakeIo } from '../support/fake-io.ts';
import { check, failed, report } from '../support/report.ts';

const HOSTILE =
  '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n::error::owned\n##[set-output name=x]y\n\u202e\u2066txt]]><!-- "\'& %0A::warning::z \u2028\u0000\ufeff\ud800';

const place = { file: `/etc/${HOSTILE}.conf`, line: 1, column: 1 };
const source = readConfig(new TextEncoder().encode(`no-stun ${HOSTILE}`), {
  path: place.file,
  foundBy: 'asked',
});
const uri = `turn:${HOSTILE}`;
const observations: readonly Observation[] = [
  { probe: 'dns', uri, transport: 'udp', stagesMs: {}, outcome: 'unresolved', error: HOSTILE },
  {
    probe: 'stun-binding',
    uri,
    transport: 'udp',
    stagesMs: {},
    outcome: 'invalid-response',
    problem: HOSTILE,
  },
];
const hostile = report(
  [
    failed('listener/no-stun', {
      findings: [{ severity: 'error', message: HOSTILE, at: place, evidence: HOSTILE, remedy: HOSTILE }],
    }),
    failed('tls/untrusted', { explainedBy: 'listener/no-stun' }),
    check('dns/name-unresolved', { outcome: 'skipped', reason: HOSTILE }),
    check('ice/malformed-url', { outcome: 'crashed', reason: HOSTILE }),
  ],
  {
    observations,
    sources: [source],
    target: { host: HOSTILE, note: HOSTILE },
    verdict: { status: 'findings', headline: HOSTILE, exitCode: 1, causes: ['listener/no-stun'] },
  },
);

describe('text of others cannot act', () => {
  const rendering = { color: false, width: 80, unicode: true };
  for (const format of FORMATS) {
    test(`${format} holds no control character but line ends`, () => {
      const text = renderReport(format, hostile, rendering, []);
      expect(text).toContain('owned');
      expect(text).not.toMatch(
        /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
      );
    });
  }

  test('GitHub sees the commands of turnctl alone', () => {
    const lines = renderReport('github', hostile, rendering, []).trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.slice(0, 3).every(line => /^::(?:error|notice) [^:]*::/.test(line))).toBe(true);
    expect(lines[3]).toMatch(/^turnctl: findings: /);
    expect(lines[3]).not.toContain('##[');
  });

  test('JSON keeps the text as it was', () => {
    const { checks } = JSON.parse(renderReport('json', hostile, rendering, []));
    expect(checks[0].findings[0].message).toBe(HOSTILE);
  });

  test('a message on standard error', async () => {
    const io = fakeIo();
    expect(await main(['node', 'turnctl', 'lint', `/${HOSTILE}`, '--as-version', '4.6.1'], io)).toBe(3);
    expect(io.printed.stderr).not.toContain('\u001b');
  });
});
