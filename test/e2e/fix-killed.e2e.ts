import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { readRuns, sha256 } from '../../src/fixes/journal.ts';
import { writableLocalHost } from '../../src/host/local-write.ts';
import type { Plan } from '../../src/model/plan.ts';
import { buildProgram } from '../support/journal-program.ts';
import { recover, rollback } from '../support/journal-run.ts';
import { snapshot } from '../support/snapshot.ts';

const OLD = 'no-stun\nrealm=a\n';
let program: Awaited<ReturnType<typeof buildProgram>>;
let root: string;
let etc: string;
let journal: string;

beforeAll(async () => {
  program = await buildProgram();
  root = mkdtempSync(join(tmpdir(), 'turnctl-killed-'));
  etc = join(root, 'etc');
  journal = join(root, 'journal');
  return () => {
    program.remove();
    rmSync(root, { recursive: true });
  };
});
beforeEach(() => {
  rmSync(etc, { recursive: true, force: true });
  rmSync(journal, { recursive: true, force: true });
  mkdirSync(etc);
  writeFileSync(join(etc, 'turnserver.conf'), OLD, { mode: 0o604 });
  writeFileSync(join(etc, 'key.pem'), 'key', { mode: 0o600 });
  writeFileSync(join(etc, 'rules'), 'one\n');
  writeFileSync(join(root, 'plan.json'), JSON.stringify(plan()));
});

/** A step of each kind, and a program that adds and takes away a rule as a firewall's does. */
const plan = (): Plan => ({
  resolves: ['listener/no-stun'],
  risk: 'drops-allocations',
  steps: [
    {
      kind: 'edit-file',
      path: join(etc, 'turnserver.conf'),
      expectSha256: sha256(OLD),
      edits: [{ kind: 'delete-line', target: { option: 'no-stun' } }],
      why: '',
    },
    { kind: 'put-file', path: join(etc, 'hook'), expectSha256: 'absent', content: '#!/bin/sh\n', why: '' },
    {
      kind: 'run',
      argv: ['mkdir', join(etc, 'door')],
      undo: ['rmdir', join(etc, 'door')],
      why: '',
    },
    { kind: 'set-access', path: join(etc, 'key.pem'), mode: 0o640, why: '' },
    {
      kind: 'run',
      argv: ['cp', join(etc, 'turnserver.conf'), join(etc, 'rules')],
      undo: 'none-needed',
      touches: [join(etc, 'rules')],
      why: '',
    },
  ],
  activate: [{ argv: ['true'], back: ['true'], why: '' }],
});

const start = (killAt = 0): ChildProcess =>
  spawn(process.execPath, [program.path, join(root, 'plan.json'), journal, String(killAt)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

async function ended(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout!.setEncoding('utf8').on('data', chunk => (text += chunk));
  await once(child, 'close');
  return text.trim().split('\n').at(-1) ?? '';
}

const look = () => snapshot(etc);

const stateOfRun = async () => (await readRuns(writableLocalHost(), journal))[0]?.state;

test('killed before any of its calls of the host: afterwards the host is as before, or done', async () => {
  const before = look();
  const { calls } = JSON.parse(await ended(start())) as { calls: number };
  const after = Object.keys(look());
  expect(calls).toBeGreaterThan(40);
  expect(after).toContain('door');
  await rollback({ folder: journal });
  expect(look()).toEqual(before);

  let kept = 0;
  for (let killAt = 1; killAt <= calls; killAt++) {
    rmSync(journal, { recursive: true, force: true });
    await ended(start(killAt));
    // As the next fix does, and as the operator does.
    if (killAt % 2 === 0) await recover({ folder: journal });
    else if ((await stateOfRun()) !== 'kept') await rollback({ folder: journal });
    if ((await stateOfRun()) === 'kept') {
      kept++;
      expect(Object.keys(look()), `killed at call ${killAt}`).toEqual(after);
      await rollback({ folder: journal });
    }
    expect(look(), `killed at call ${killAt}`).toEqual(before);
    expect(
      readdirSync(journal).filter(name => name.startsWith('lock')),
      `killed at ${killAt}`,
    ).toEqual([]);
  }
  // Between the verdict and the end there are calls too.
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(calls / 3);
}, 300_000);

test('killed at 100 random moments: afterwards the host is as before, or done', async () => {
  const before = look();
  for (let round = 0; round < 100; round++) {
    rmSync(journal, { recursive: true, force: true });
    const child = start();
    const end = ended(child);
    await once(child.stdout!, 'data');
    await delay(Math.random() * 450);
    child.kill('SIGKILL');
    await end;
    await recover({ folder: journal });
    if ((await stateOfRun()) === 'kept') await rollback({ folder: journal });
    expect(look()).toEqual(before);
  }
}, 300_000);

test('an undo that is killed is finished by the next', async () => {
  const before = look();
  await ended(start());
  const [run] = await readRuns(writableLocalHost(), journal);
  const script = join(journal, run!.record.id, 'undo.sh');
  const text = readFileSync(script, 'utf8');
  const lines = text.split('\n').filter(line => line.startsWith('[ "$begun" -le'));
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    writeFileSync(
      script,
      text.replace(line, () => `kill -9 $$\n${line}`),
    );
    expect(() => execFileSync('sh', [script], { stdio: 'pipe' })).toThrow();
    expect(await stateOfRun()).toBe('undoing');
  }
  writeFileSync(script, text);
  await recover({ folder: journal });
  expect(look()).toEqual(before);
  expect(await stateOfRun()).toBe('undone');
});

test('of runs that find the lock of a dead one, one alone goes on at a time', async () => {
  mkdirSync(journal);
  const dead = { pid: 2 ** 22 + 1, start: '1', boot: 'another', command: 'fix', since: '' };
  writeFileSync(join(journal, 'lock'), JSON.stringify(dead));
  const room = join(root, 'room');
  const alone: Plan = {
    resolves: [],
    risk: 'none',
    steps: [
      { kind: 'run', argv: ['mkdir', room], undo: 'none-needed', why: '' },
      { kind: 'run', argv: ['rmdir', room], undo: 'none-needed', why: '' },
    ],
  };
  writeFileSync(join(root, 'plan.json'), JSON.stringify(alone));
  const outcomes = await Promise.all([1, 2, 3, 4].map(async () => JSON.parse(await ended(start()))));
  expect(outcomes.map(({ outcome }) => outcome.state)).toEqual(['kept', 'kept', 'kept', 'kept']);
  expect(readdirSync(journal).filter(name => !/^\d{8}T/.test(name))).toEqual([]);
}, 60_000);
