import { expect, test } from 'vitest';
import { runLint } from '../../src/commands/lint.ts';
import { fakeIo } from '../support/fake-io.ts';

const path = '/etc/turnserver.conf';
const config = 'realm=example.org\nstatic-auth-secret=q7Vb2mZk0sXe9RwT4uYh\n';

async function modeCheck(file: string) {
  // Files of this host have mode 0644.
  const io = fakeIo({ [path]: config }, config);
  await runLint({ files: [file], format: 'json', failOn: 'never', asVersion: '4.18.0' }, io);
  const { checks } = JSON.parse(io.printed.stdout) as {
    checks: { id: string; outcome: string; reason?: string }[];
  };
  return checks.find(({ id }) => id === 'config/world-readable');
}

test('a local file is judged with its mode', async () => {
  expect(await modeCheck(path)).toMatchObject({ outcome: 'failed' });
});

test('standard input has none', async () => {
  expect(await modeCheck('-')).toMatchObject({
    outcome: 'skipped',
    reason: expect.stringMatching(/standard input/),
  });
});

test.each([
  { files: ['-', '-'], says: /read once/ },
  { files: [path], output: '/etc/../etc/turnserver.conf', says: /would overwrite/ },
])('what would read or write a file twice is refused: $says', ({ says, ...options }) =>
  expect(runLint({ format: 'human', ...options }, fakeIo({ [path]: config }, config))).rejects.toThrow(says),
);
