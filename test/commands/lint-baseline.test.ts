import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
// Loaded here once, not by the first test that names the commands.
import '../../src/commands/diagnose.ts';
import '../../src/commands/lint.ts';
import { fakeIo } from '../support/fake-io.ts';

const CONF =
  'realm=a.test\nuse-auth-secret\nstatic-auth-secret=9f8e7d6c5b4a39281706f5e4d3c2b1a0\nmin_port=50000\n';

async function turnctl(files: Record<string, string>, ...argv: string[]) {
  const io = fakeIo(files);
  const code = await main(['node', 'turnctl', ...argv, '--as-version', '4.6.1'], io);
  const report = io.printed.stdout.startsWith('{') ? JSON.parse(io.printed.stdout) : undefined;
  const check = (id: string) => report.checks.find((c: { id: string }) => c.id === id);
  return { code, check, report, ...io.printed, written: io.written };
}

describe('a comment in the file', () => {
  test('answers for a rule, with its reason', async () => {
    const conf = `# turnctl-ignore config/unknown-option: another program reads it\n${CONF}`;
    const { check } = await turnctl({ 'a.conf': conf }, 'lint', 'a.conf', '--json');
    expect(check('config/unknown-option')).toMatchObject({ outcome: 'skipped', findings: [] });
    expect(check('config/unknown-option').reason).toMatch(/line 1: another program reads it/);
  });
  test('has no effect without a reason', async () => {
    const conf = `# turnctl-ignore config/unknown-option:\n${CONF}`;
    const { check } = await turnctl({ 'a.conf': conf }, 'lint', 'a.conf', '--json');
    expect(check('config/unknown-option').outcome).toBe('failed');
  });
});

describe('a baseline', () => {
  test('makes what was there count no more, wherever its line is now', async () => {
    const first = await turnctl({ 'a.conf': CONF }, 'lint', 'a.conf', '--write-baseline', 'b.json');
    expect(first.code).toBe(0);
    const baseline = first.written.get('b.json')!;
    expect(JSON.parse(baseline).schemaVersion).toBe(1);

    const moved = { 'a.conf': `# new first line\n\n${CONF}`, 'b.json': baseline };
    const second = await turnctl(moved, 'lint', 'a.conf', '--baseline', 'b.json', '--json');
    expect(second.code).toBe(0);
    expect(second.check('config/unknown-option')).toMatchObject({ outcome: 'skipped', inBaseline: 1 });
    expect(second.stderr).toMatch(/findings in the baseline/);

    const worse = { 'a.conf': `${CONF}max_port=60000\nmin_port=50000\n`, 'b.json': baseline };
    const third = await turnctl(worse, 'lint', 'a.conf', '--baseline', 'b.json', '--json');
    expect(third.code).toBe(1);
    const { findings, inBaseline } = third.check('config/unknown-option');
    expect(inBaseline).toBe(1);
    expect(findings.map(({ at }: { at: { line: number } }) => at.line)).toEqual([5, 6]);
  });
  test('is refused when it is something else', async () => {
    for (const text of ['', '[]', '{"schemaVersion":2}', '{"schemaVersion":1,"findings":[1]}']) {
      const { code, stderr } = await turnctl(
        { 'a.conf': CONF, b: text },
        'lint',
        'a.conf',
        '--baseline',
        'b',
      );
      expect(code).toBe(2);
      expect(stderr).toMatch(/b is no baseline/);
    }
  });
});

describe('turnctl.ini', () => {
  const lint = (ini: string, ...more: string[]) =>
    turnctl({ '/etc/a.conf': CONF, '/etc/turnctl.ini': ini }, 'lint', '/etc/a.conf', '--json', ...more);

  test('beside the file weighs rules and topics', async () => {
    const { check, code } = await lint(
      '[severity]\nconfig/unknown-option = info\nlogging = off\npeers = info\n',
    );
    expect(check('config/unknown-option')).toMatchObject({ severity: 'info', outcome: 'failed' });
    expect(check('logging/not-verbose')).toBeUndefined();
    expect(code).toBe(0);
  });
  test('sets what flags may overrule', async () => {
    expect((await lint('[defaults]\nfail-on = never\n')).code).toBe(0);
    expect((await lint('[defaults]\nfail-on = never\n', '--fail-on', 'error')).code).toBe(1);
  });
  test('of somebody else is not used, unless it is named', async () => {
    const files = { '/etc/a.conf': CONF, '/etc/turnctl.ini': '[defaults]\nfail-on = never\n' };
    const run = async (...more: string[]) => {
      const io = fakeIo(files);
      const host = {
        ...io.host,
        status: async (path: string) => ({ ...(await io.host.status(path)), uid: 1001 }),
      };
      const argv = ['node', 'turnctl', 'lint', '/etc/a.conf', '--as-version', '4.6.1', ...more];
      return { code: await main(argv, { ...io, host, localHost: host }), stderr: io.printed.stderr };
    };
    const found = await run();
    expect(found.code).toBe(1);
    expect(found.stderr).toContain('/etc/turnctl.ini is not used, because others may write it');
    expect((await run('--settings', '/etc/turnctl.ini')).code).toBe(0);
  });
  test('counts for diagnose too', async () => {
    const files = { '/etc/turnctl.ini': '[severity]\nnonsense = off\n', '/etc/a.conf': CONF };
    const { code, stderr } = await turnctl(files, 'diagnose', '--config', '/etc/a.conf');
    expect(code).toBe(2);
    expect(stderr).toMatch(/turnctl\.ini: unknown \[severity\] nonsense/);
  });
  test.each([
    [
      '[severity]\nconfig/unknown-optoin = off\n',
      /\/etc\/turnctl\.ini: unknown \[severity\] config\/unknown-optoin/,
    ],
    ['[severity]\nlogging = loud\n', /\[severity\] logging is "loud"/],
    ['[defaults]\nfail-at = error\n', /unknown \[defaults\] fail-at/],
    ['[rules]\nlogging = off\n', /unknown rules/],
    ['severity = off\n', /severity is a section/],
  ])('%j is refused', async (ini, message) => {
    const { code, stderr } = await lint(ini);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
  test('that was asked for must be there', async () => {
    const { code } = await turnctl({ 'a.conf': CONF }, 'lint', 'a.conf', '--settings', 'none.ini');
    expect(code).toBe(3);
  });
});

test('of thousands of findings the first 500 are reported, and how many more there are', async () => {
  const many = `${CONF}${'denied_peer_ip=10.0.0.1\n'.repeat(2000)}`;
  const { check } = await turnctl({ 'a.conf': many }, 'lint', 'a.conf', '--json');
  const { findings } = check('config/unknown-option');
  expect(findings).toHaveLength(501);
  expect(findings.at(-1)).toMatchObject({ message: 'and 1501 more like these', at: { file: 'a.conf' } });
});

test('--fix refuses standard input, and --diff beside it', async () => {
  expect((await turnctl({}, 'lint', '-', '--fix')).code).toBe(2);
  expect((await turnctl({ 'a.conf': CONF }, 'lint', 'a.conf', '--fix', '--diff')).code).toBe(2);
});
