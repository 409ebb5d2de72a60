import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { fakeIo } from '../support/fake-io.ts';

/** What is typed before the tabulator, and the words that the shell then hands to turnctl. */
const LINES: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['turnctl li', ['lint']],
  ['turnctl lint --upg', ['lint', '--upgrade-to']],
  ['turnctl lint --format sa', ['lint', '--format', 'sarif']],
  ['turnctl lint --only config/unkn', ['lint', '--only', 'config/unknown-option']],
  ['turnctl lint --only=config/unkn', ['lint', '--only=config/unknown-option']],
  ['turnctl lint --skip nat,config/unkn', ['lint', '--skip', 'nat,config/unknown-option']],
  ['turnctl lint --as-version 4.5.1.1', ['lint', '--as-version', '4.5.1.1']],
  ['turnctl explain listener/no-s', ['explain', 'listener/no-stun']],
  ['turnctl probe tu', ['probe', 'turn']],
  ['turnctl bundle sh', ['bundle', 'show']],
  ['turnctl bundle create --backend-u', ['bundle', 'create', '--backend-unit']],
  ['turnctl completion fi', ['completion', 'fish']],
  ['turnctl lint turnse', ['lint', 'turnserver of mine.conf']],
  ['turnctl lint --output turnse', ['lint', '--output', 'turnserver of mine.conf']],
];

let folder: string;

async function script(shell: string): Promise<string> {
  const io = fakeIo();
  expect(await main(['node', 'turnctl', 'completion', shell], io)).toBe(0);
  return io.printed.stdout;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'turnctl-completion-'));
  writeFileSync(join(folder, 'turnserver of mine.conf'), '');
  mkdirSync(join(folder, 'scripts'));
  for (const shell of ['bash', 'zsh', 'fish']) {
    writeFileSync(join(folder, 'scripts', shell === 'zsh' ? '_turnctl' : shell), await script(shell));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isThere = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** What a user would have in the start files; the program itself only shows its words. */
const STARTS = {
  bash: [
    '[ ! -f /usr/share/bash-completion/bash_completion ] || . /usr/share/bash-completion/bash_completion',
    '. scripts/bash',
    "bind 'set bell-style none'",
  ],
  zsh: [
    'fpath=($PWD/scripts $fpath)',
    'autoload -Uz compinit',
    'compinit -u -D',
    'complete-and-run() { zle expand-or-complete; zle accept-line }',
    'zle -N complete-and-run',
    "bindkey '^X' complete-and-run",
  ],
} as const;

/** zsh takes a tabulator for pasted text when more has been typed already. */
const COMPLETE_AND_RUN = { bash: '\t\n', zsh: '\x18' } as const;

const SHELL = { bash: 'bash --norc --noprofile -i', zsh: 'zsh -f -i' } as const;
const PROMPT = '@@@ ';

/** A shell on a terminal of its own, spoken to one line after the other. */
function openShell(shell: keyof typeof SHELL): ChildProcess & { answerTo(typed: string): Promise<string> } {
  const child = spawn('script', ['-qefc', SHELL[shell], '/dev/null'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: folder, TERM: 'dumb', PS1: PROMPT, PROMPT, LC_ALL: 'C.UTF-8' },
  });
  let seen = '';
  let look = () => {};
  child.stdout.on('data', data => {
    seen += data;
    look();
  });
  const answerTo = (typed: string): Promise<string> =>
    new Promise((done, fail) => {
      child.once('exit', () => fail(new Error(`${shell} ended: ${seen}`)));
      look = () => {
        // Only behind the next prompt is the line editor at work.
        const answer = /<<<(.*)>>>[\s\S]*@@@ /.exec(seen);
        if (answer === null) return;
        child.removeAllListeners('exit');
        seen = '';
        done(answer[1]!);
      };
      child.stdin.write(typed);
    });
  return Object.assign(child, { answerTo });
}

describe.each(['bash', 'zsh'] as const)('%s', shell => {
  test.skipIf(!isThere(shell) || !isThere('script'))(
    'completes what is typed on a terminal',
    async () => {
      const child = openShell(shell);
      try {
        // The marks are put together by the shell: an echo of what is typed must not look like an answer.
        const show = `turnctl() { printf '%s%s' '<<' '<'; printf '[%s]' "$@"; printf '%s%s\\n' '>>' '>'; }`;
        await child.answerTo(`${[...STARTS[shell], show, 'turnctl ready'].join('\n')}\n`);
        for (const [typed, words] of LINES) {
          const answer = await child.answerTo(typed + COMPLETE_AND_RUN[shell]);
          expect(answer, typed).toBe(words.map(word => `[${word}]`).join(''));
        }
      } finally {
        child.kill('SIGKILL');
      }
    },
    60_000,
  );
});

describe('fish', () => {
  const complete = (typed: string): string[] =>
    execFileSync('fish', ['--no-config', '-c', 'source scripts/fish; complete -C $argv[1]', typed], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8' },
    })
      .split('\n')
      .map(line => line.split('\t')[0]!);

  test.skipIf(!isThere('fish'))(
    'completes what its own query is asked for',
    () => {
      for (const [typed, words] of LINES) expect(complete(typed), typed).toContain(words.at(-1));
      expect(complete('turnctl -')).toContain('--version');
    },
    60_000,
  );
});
