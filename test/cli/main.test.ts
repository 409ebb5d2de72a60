import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { COMMANDS } from '../../src/cli/registry.ts';
import { fakeIo } from '../support/fake-io.ts';

const run = async (args: string[], io = fakeIo()) => ({
  exitCode: await main(['node', 'turnctl', ...args], io),
  ...io.printed,
});

describe('usage', () => {
  test('--help lists every command and the exit codes', async () => {
    const { exitCode, stdout } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name}`);
    expect(stdout).toContain('Exit codes: 0 ');
  });

  test('--version prints the version', async () => {
    expect(await run(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.0.0-test\n' });
  });

  const wrong = [
    { args: ['diagnoze'], says: /unknown command 'diagnoze'[\s\S]*diagnose/ },
    { args: ['diagnose', '--fail-on', 'often'], says: /often/ },
    { args: ['diagnose', '--timeout', '-3'], says: /number of seconds/ },
    { args: ['diagnose', '--only', 'listener/no-stum'], says: /Did you mean listener\/no-stun/ },
    { args: ['diagnose', '--as-version', 'latest'], says: /latest is no coturn release/ },
    { args: ['diagnose', 'turn:user@turn.example.org'], says: /user/ },
    { args: ['diagnose', 'turn://turn.example.org'], says: /\/\// },
    { args: ['diagnose', 'turn:turn.example.org:99999'], says: /99999/ },
    { args: ['diagnose', '--user', 'alice'], says: /alice needs a password/ },
    { args: ['diagnose', '--api', 'ftp://x'], says: /no http or https URL/ },
    { args: ['lint', '--nonsense'], says: /--nonsense/ },
    { args: ['explain', 'no-stum'], says: /there is no rule no-stum/ },
    { args: ['completion', 'tcsh'], says: /bash, zsh, fish/ },
  ];
  for (const { args, says } of wrong) {
    test(`${args.join(' ')} is wrong usage`, async () => {
      const { exitCode, stdout, stderr } = await run(args);
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    });
  }
});

describe('what the host refuses ends with 3 and one line', () => {
  test('a file that is not there', async () => {
    const { exitCode, stdout, stderr } = await run([
      'lint',
      '/nowhere/turnserver.conf',
      '--as-version',
      '4.6.1',
    ]);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'turnctl: /nowhere/turnserver.conf does not exist\n',
    });
  });
});

test('explain knows a rule by the last part of its id', async () => {
  const { exitCode, stderr } = await run(['explain', 'no-stun']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Did you mean listener/no-stun?');
});
