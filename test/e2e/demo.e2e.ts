import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PLANTED } from '../../src/demo/planted.ts';
import { reportFaults } from '../support/report-readers.ts';

const turnctl = resolve(import.meta.dirname, '../../bin/turnctl.js');

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], cwd = process.cwd()): Promise<Ended> {
  return new Promise(done => {
    const env = { ...process.env, LANG: 'C.UTF-8', NO_COLOR: '1' };
    execFile(program, [...args], { cwd, env }, (error, stdout, stderr) => {
      done({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turnctl-demo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the demo', () => {
  let demo: Ended;
  beforeAll(async () => {
    demo = await run(process.execPath, [turnctl, 'diagnose', '--demo', '--json']);
  });
  const report = () => JSON.parse(demo.stdout);

  test('names every planted fault, and no other cause above info', () => {
    const { verdict, checks } = report();
    expect(demo.exitCode).toBe(1);
    expect(demo.stderr).toBe('');
    const severe = checks.filter(
      (check: { id: string; severity: string }) =>
        verdict.causes.includes(check.id) && check.severity !== 'info',
    );
    expect(severe.map((check: { id: string }) => check.id).sort()).toEqual([...PLANTED].sort());
  });

  test('its report is as docs/report.schema.json promises', () => {
    expect(reportFaults(demo.stdout)).toEqual([]);
  });

  test('the fault is real on the wire: Allocate answers, Binding does not', () => {
    const outcomes = report().observations.map((o: { probe: string; outcome: string }) => [
      o.probe,
      o.outcome,
    ]);
    expect(outcomes).toEqual([
      ['dns', 'resolved'],
      ['stun-binding', 'no-response'],
      ['turn-allocate', 'allocated'],
      ['turn-data-path', 'complete'],
    ]);
  });

  test('says that the server is the embedded one', () => {
    expect(report().target.note).toContain('embedded demo server');
  });

  test('the saved report is judged again alike, on another machine', async () => {
    const saved = join(folder, 'report.json');
    await writeFile(saved, demo.stdout);
    const again = await run(process.execPath, [turnctl, 'diagnose', '--from', saved, '--json']);
    expect(again.exitCode).toBe(1);
    expect(JSON.parse(again.stdout).checks).toEqual(report().checks);
  });

  test('no secret is in the report', () => {
    const { facts } = report();
    const secret = facts.config.value.entries.find((e: { name: string }) => e.name === 'static-auth-secret');
    expect(secret.value).toMatch(/^\*+$/);
    expect(secret.source).toMatch(/^static-auth-secret=\*+$/);
  });
});

test('the package works alone in an empty folder', async () => {
  const packed = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]);
  expect(packed.exitCode).toBe(0);
  await writeFile(join(folder, 'package.json'), '{}');
  const file = join(folder, packed.stdout.trim().split('\n').at(-1) as string);
  const installed = await run('npm', ['install', '--offline', '--no-audit', '--no-fund', file], folder);
  expect(installed.stdout).toContain('added 1 package');
  const alone = join(folder, 'node_modules/.bin/turnctl');
  expect((await run(alone, ['--version'], folder)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const { exitCode, stdout } = await run(alone, ['diagnose', '--demo'], folder);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^FAIL {2}Browsers take 40 s/);
});
