import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { localHost } from '../../src/host/local.ts';
import type { Check } from '../../src/model/report.ts';
import { type ReportFormat, renderReport } from '../../src/report/index.ts';
import { rules } from '../../src/rules/index.ts';
import { fakeIo } from '../support/fake-io.ts';
import { check, failed, report } from '../support/report.ts';
import { annotationsOf, junitFaults, reportFaults, sarifFaults, xmllint } from '../support/report-readers.ts';
import { startTurnServer, type TurnServer } from '../support/turn-server.ts';

const rendering = { color: false, width: 80, unicode: true };

/** Every machine format of one run, read by its reader. */
function accepts(name: string, produce: (format: ReportFormat) => string | Promise<string>): void {
  describe(name, () => {
    test('json', async () => {
      expect(reportFaults(await produce('json'))).toEqual([]);
    });
    test('sarif', async () => {
      expect(sarifFaults(await produce('sarif'))).toEqual([]);
    });
    test.skipIf(!xmllint)('junit (xmllint)', async () => {
      expect(junitFaults(await produce('junit'))).toEqual([]);
    });
    test('github', async () => {
      const [json, github] = [JSON.parse(await produce('json')), await produce('github')];
      const said = json.checks.filter(({ outcome }: Check) => outcome === 'failed' || outcome === 'crashed');
      const doubts = json.verdict.status === 'inconclusive' ? 1 : 0;
      const expected = doubts + said.flatMap((c: Check) => (c.findings.length > 0 ? c.findings : [c])).length;
      const annotations = annotationsOf(github);
      expect(annotations).toHaveLength(expected);
      expect(annotations.filter(({ command }) => !['error', 'warning', 'notice'].includes(command))).toEqual(
        [],
      );
      // One line each, and the verdict.
      expect(github.split('\n')).toHaveLength(expected + 2);
    });
  });
}

/** What `turnctl ARGUMENTS` prints, with the files of this machine. */
async function printed(...args: string[]): Promise<string> {
  const io = { ...fakeIo(), host: localHost() };
  await main(['node', 'turnctl', ...args], io);
  expect(io.printed.stderr).toBe('');
  return io.printed.stdout;
}

const folder = join(import.meta.dirname, '../fixtures/real-world');
const files = readdirSync(folder)
  .filter(name => name.endsWith('.conf'))
  .map(name => relative(process.cwd(), join(folder, name)));
const lint = (paths: readonly string[]) => (format: ReportFormat) =>
  printed('lint', ...paths, '--as-version', '4.6.1', '--format', format);

accepts(`lint of ${files.length} files`, lint(files));
for (const file of files) accepts(`lint of ${file}`, lint([file]));

describe('on the wire', () => {
  let server: TurnServer;
  beforeAll(async () => {
    server = await startTurnServer({ users: { alice: 'wonderland' } });
  });
  afterAll(() => server.stop());

  for (const kind of ['stun', 'turn', 'tls', 'nat']) {
    accepts(`probe ${kind}`, format => {
      const target =
        kind === 'tls' ? `turns:127.0.0.1:${server.tls.port}` : `turn:127.0.0.1:${server.udp.port}`;
      return printed('probe', kind, target, '--timeout', '1', '--format', format);
    });
  }
  accepts('diagnose of a server', format =>
    printed(
      'diagnose',
      `turn:127.0.0.1:${server.udp.port}?transport=udp`,
      '--timeout',
      '1',
      '--format',
      format,
    ),
  );
});

const NASTY =
  '\u0000\u001b[31m]]><&"\'\r\n::error file=x::owned\n##[error]owned %0A%25 ,:; \u2028 \ufffe \ud800 grün 🦊';

accepts('text that would break each of them', format =>
  renderReport(
    format,
    report(
      [
        failed('listener/no-stun', {
          title: NASTY,
          findings: [
            {
              severity: 'error',
              message: NASTY,
              at: { file: `a b/${NASTY}`, line: 2, column: 3, endColumn: 9 },
              evidence: NASTY,
              remedy: NASTY,
            },
            { severity: 'warning', message: NASTY },
          ],
        }),
        failed('ice/unresponsive-server', { explainedBy: 'listener/no-stun' }),
        failed('auth/weak-secret', { severity: 'warning' }),
        failed('version/known-vulnerability', { severity: 'info' }),
        check('tls/untrusted', { outcome: 'skipped', reason: NASTY }),
        check('auth/realm-missing', { outcome: 'crashed', reason: NASTY }),
        check('dns/name-missing'),
      ],
      {
        verdict: { status: 'findings', headline: NASTY, exitCode: 1, causes: ['listener/no-stun'] },
        target: { host: NASTY, note: NASTY },
      },
    ),
    rendering,
    rules,
  ),
);

accepts('nothing to say', format =>
  renderReport(
    format,
    report([], { verdict: { status: 'ok', headline: 'all well', exitCode: 0, causes: [] } }),
    rendering,
    rules,
  ),
);

const sample = report(
  [
    failed('listener/no-stun', {
      findings: [
        {
          severity: 'error',
          message: 'no-stun drops every Binding request',
          option: 'no-stun',
          at: { file: '/etc/turnserver.conf', line: 12, column: 1, endColumn: 8 },
          evidence: 'Binding: silent',
          remedy: 'Delete no-stun and restart coturn.',
        },
      ],
    }),
    failed('ice/unresponsive-server', { explainedBy: 'listener/no-stun' }),
    failed('auth/weak-secret', { severity: 'warning' }),
    check('tls/untrusted', { outcome: 'skipped', reason: 'no TLS handshake was completed' }),
    check('auth/realm-missing'),
  ],
  { verdict: { status: 'findings', headline: 'Calls fail', exitCode: 1, causes: ['listener/no-stun'] } },
);
const sampleRules = rules.filter(({ id }) => id === 'listener/no-stun');
for (const format of ['json', 'sarif', 'junit', 'github'] as const) {
  test(`the whole ${format} report`, () => {
    expect(renderReport(format, sample, rendering, sampleRules)).toMatchSnapshot();
  });
}
