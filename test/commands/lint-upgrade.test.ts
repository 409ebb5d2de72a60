import { describe, expect, test } from 'vitest';
import { type LintOptions, runLint } from '../../src/commands/lint.ts';
import { fakeIo } from '../support/fake-io.ts';

const path = '/etc/turnserver.conf';
const config = [
  'realm=example.org',
  'static-auth-secret=q7Vb2mZk0sXe9RwT4uYh',
  'no-tlsv1',
  'max-port=65535 # all',
];

async function lint(options: Partial<LintOptions>) {
  const io = fakeIo({ [path]: `${config.join('\n')}\n` });
  const exitCode = await runLint(
    { files: [path], format: 'json', failOn: 'error', asVersion: '4.6.1', ...options },
    io,
  );
  const { checks } = JSON.parse(io.printed.stdout) as {
    checks: { id: string; outcome: string; findings: { message: string; at: { line?: number } }[] }[];
  };
  return { exitCode, checks, ids: checks.map(({ id }) => id) };
}

describe('turnctl lint --upgrade-to', () => {
  test('adds what the upgrade does, each with its line', async () => {
    const { exitCode, checks } = await lint({ upgradeTo: '4.18.0', only: ['version'] });
    expect(exitCode).toBe(1);
    const breaks = checks.find(({ id }) => id === 'version/upgrade-breaks');
    expect(breaks?.findings).toMatchObject([{ at: { line: 4 } }]);
    const notes = checks.find(({ id }) => id === 'version/upgrade-notes')!;
    expect(notes.findings).toContainEqual(
      expect.objectContaining({ at: expect.objectContaining({ line: 3 }) }),
    );
  });

  test('is absent from the report, not skipped, when nobody asks', async () => {
    const { ids } = await lint({});
    expect(ids.filter(id => id.startsWith('version/'))).toEqual([
      'version/broken-release',
      'version/known-vulnerability',
    ]);
  });

  test.each([
    ['not newer', '4.6.1', /not newer than 4\.6\.1/],
    ['older', '4.5.2', /not newer than 4\.6\.1/],
    ['no release', 'sid', /no coturn release/],
  ])('refuses what is %s', async (_, upgradeTo, message) => {
    await expect(lint({ upgradeTo })).rejects.toThrow(message);
  });

  test('says what to ask when no coturn was found', async () => {
    const io = fakeIo({ [path]: '' });
    const options: LintOptions = { files: [path], format: 'human', failOn: 'error', upgradeTo: '4.18.0' };
    await expect(runLint(options, io)).rejects.toMatchObject({ hint: expect.stringMatching(/--as-version/) });
  });
});
