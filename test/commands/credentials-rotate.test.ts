import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { fakeIo } from '../support/fake-io.ts';

const OLD = 'north-and-south-secret';
const NEW = 'east-and-west-secret';
const files = {
  c: `realm=example.org\nuse-auth-secret\nstatic-auth-secret=${OLD}\n`,
  '/etc/turnserver.conf': `use-auth-secret\nstatic-auth-secret=${OLD}\n`,
  n: `${NEW}\n`,
  short: 'abc\n',
  same: `${OLD}\n`,
  '/none': 'realm=example.org\n',
};

async function rotate(...args: string[]) {
  const io = fakeIo(files);
  const exitCode = await main(['node', 'turnctl', 'credentials', 'rotate', ...args], io);
  return { exitCode, ...io.printed, written: io.written };
}

describe('a call that cannot be meant', () => {
  const cases: [what: string, args: string[], says: RegExp][] = [
    ['no terminal to ask at', [], /no terminal to ask at/],
    ['a new secret for the end', ['--finish', '--new-secret-file', 'n', '--yes'], /--finish makes no secret/],
    ['an output for the end', ['--finish', '--secret-output', 'o', '--yes'], /--finish makes no secret/],
    ['an end without a restart', ['--finish', '--no-restart', '--yes'], /--finish needs the restart/],
    [
      'a secret in two files',
      ['--new-secret-file', 'n', '--secret-output', 'o', '--yes'],
      /in a file already/,
    ],
    ['a short secret', ['--new-secret-file', 'short', '--plan'], /short: a secret has 16 characters/],
    ['a time that is none', ['--ttl', '0.5', '--plan'], /--ttl/],
    ['a secret that is there', plan('--new-secret-file', 'same'), /is in .* already/],
    [
      'a file without one',
      ['--plan', '--no-restart', '--config', '/none'],
      /\/none has no static-auth-secret/,
    ],
    ['a path from here', ['--plan', '--no-restart', '--config', 'c'], /c is no absolute path/],
    ['nobody to restart it', ['--plan', '--config', '/etc/turnserver.conf'], /--no-restart/],
  ];
  for (const [what, args, says] of cases) {
    test(what, async () => {
      const { exitCode, stdout, stderr, written } = await rotate(...args);
      expect({ exitCode, stdout, written: [...written] }).toEqual({ exitCode: 2, stdout: '', written: [] });
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(SECRETS);
    });
  }
});

describe('the plan', () => {
  test('shows where the line goes, masked, and when the old one may go', async () => {
    const { exitCode, stdout, written } = await rotate(...plan('--new-secret-file', 'n', '--ttl', '3600'));
    expect({ exitCode, written: [...written] }).toEqual({ exitCode: 0, written: [] });
    expect(stdout).toMatch(/^ {4}\+static-auth-secret=\*+$/m);
    expect(stdout).toMatch(/3600 s \(--ttl\)/);
    expect(stdout).toMatch(/not in force/);
    expect(stdout).not.toMatch(SECRETS);
  });

  test('as a document, without any secret either', async () => {
    const { exitCode, stdout } = await rotate(...plan('--new-secret-file', 'n', '--json'));
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'credentials rotate',
      run: null,
      plan: {
        risk: 'none',
        steps: [{ kind: 'edit-file', edits: [{ kind: 'add', value: '*'.repeat(NEW.length), first: true }] }],
      },
    });
    expect(stdout).not.toMatch(SECRETS);
  });

  test('of the end, with one secret: nothing to do', async () => {
    const { exitCode, stdout } = await rotate('--finish', '--plan', '--config', '/etc/turnserver.conf');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'Nothing to do on test: there is one secret.\n',
    });
  });
});

const SECRETS = new RegExp(`${OLD}|${NEW}`);

function plan(...args: string[]): string[] {
  return ['--plan', '--no-restart', '--config', '/etc/turnserver.conf', ...args];
}
