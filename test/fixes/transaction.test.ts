import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRuns, sha256 } from '../../src/fixes/journal.ts';
import { writableLocalHost } from '../../src/host/local-write.ts';
import type { Plan, Step } from '../../src/model/plan.ts';
import { apply, inJournal, recover, rollback } from '../support/journal-run.ts';
import { snapshot } from '../support/snapshot.ts';

const OLD = 'no-stun\nrealm=a\n';
const NEW = 'realm=a\n';
let root: string;
let etc: string;
let run: { folder: string };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'turnctl-journal-'));
  etc = join(root, 'etc');
  mkdirSync(etc);
  writeFileSync(join(etc, 'turnserver.conf'), OLD, { mode: 0o604 });
  writeFileSync(join(etc, 'key.pem'), 'key', { mode: 0o600 });
  writeFileSync(join(etc, 'rules'), 'one\n');
  run = { folder: join(root, 'journal') };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const editConf = (): Step => ({
  kind: 'edit-file',
  path: join(etc, 'turnserver.conf'),
  expectSha256: sha256(OLD),
  edits: [{ kind: 'delete-line', target: { option: 'no-stun' } }],
  why: 'answers Binding requests',
});
const putHook = (): Step => ({
  kind: 'put-file',
  path: join(etc, 'hook'),
  expectSha256: 'absent',
  content: '#!/bin/sh\n',
  mode: 0o755,
  why: 'renewal',
});
const openKey = (): Step => ({ kind: 'set-access', path: join(etc, 'key.pem'), mode: 0o640, why: 'TLS' });
const addRule = (): Step => ({
  kind: 'run',
  argv: ['cp', join(etc, 'turnserver.conf'), join(etc, 'rules')],
  undo: ['touch', join(etc, 'rules-undone')],
  touches: [join(etc, 'rules')],
  why: 'a door',
});
const restart = () => ({
  argv: ['cp', join(etc, 'turnserver.conf'), join(root, 'running')],
  back: ['cp', join(etc, 'turnserver.conf'), join(root, 'running')],
  why: 'reads its file when it starts',
});
const planOf = (...steps: readonly Step[]): Plan => ({
  resolves: ['listener/no-stun'],
  steps,
  risk: 'drops-allocations',
  activate: [restart()],
});
const states = async () => (await readRuns(writableLocalHost(), run.folder)).map(({ state }) => state);

describe('a run that is kept', () => {
  test('has done every step and the activation, and its rollback gives everything back', async () => {
    const before = snapshot(etc);
    const outcome = await apply(run, planOf(editConf(), putHook(), openKey(), addRule()));
    expect(outcome.state).toBe('kept');
    expect(readFileSync(join(root, 'running'), 'utf8')).toBe(NEW);
    expect(readFileSync(join(etc, 'rules'), 'utf8')).toBe(NEW);
    expect(statSync(join(etc, 'key.pem')).mode & 0o777).toBe(0o640);
    expect(statSync(join(etc, 'hook')).mode & 0o777).toBe(0o755);
    expect(await states()).toEqual(['kept']);
    expect((await rollback(run))?.record.id).toBe(outcome.id);
    expect(existsSync(join(etc, 'rules-undone'))).toBe(true);
    rmSync(join(etc, 'rules-undone'));
    expect(snapshot(etc)).toEqual(before);
    expect(readFileSync(join(root, 'running'), 'utf8')).toBe(OLD);
    expect(await states()).toEqual(['undone']);
    expect(await rollback(run)).toBeNull();
  });

  test('is not undone over what somebody changed since, unless forced', async () => {
    await apply(run, planOf(editConf()));
    writeFileSync(join(etc, 'turnserver.conf'), 'realm=b\n');
    await expect(rollback(run)).rejects.toMatchObject({ code: 'changed' });
    expect(readFileSync(join(etc, 'turnserver.conf'), 'utf8')).toBe('realm=b\n');
    await rollback(run, { force: true });
    expect(readFileSync(join(etc, 'turnserver.conf'), 'utf8')).toBe(OLD);
  });

  test('gives back the file a link leads to, and leaves the link', async () => {
    const link = join(root, 'link.conf');
    symlinkSync(join(etc, 'turnserver.conf'), link);
    await apply(run, planOf({ ...editConf(), path: link } as Step));
    expect(readFileSync(link, 'utf8')).toBe(NEW);
    await rollback(run);
    expect(readFileSync(join(etc, 'turnserver.conf'), 'utf8')).toBe(OLD);
    expect(execFileSync('readlink', [link], { encoding: 'utf8' }).trim()).toBe(join(etc, 'turnserver.conf'));
  });

  test('undoes every rule of a file before the file is given back', async () => {
    const before = snapshot(etc);
    const rules = join(etc, 'rules');
    const addToo = (name: string): Step => ({
      kind: 'run',
      argv: ['sh', '-ec', `echo ${name} >>${rules}; mkdir ${etc}/${name}`],
      undo: ['sh', '-ec', `grep -qx ${name} ${rules}; sed -i /^${name}$/d ${rules}; rmdir ${etc}/${name}`],
      touches: [rules],
      why: '',
    });
    await apply(run, planOf(addToo('two'), addToo('three')));
    expect(readFileSync(rules, 'utf8')).toBe('one\ntwo\nthree\n');
    await rollback(run);
    expect(snapshot(etc)).toEqual(before);
  });

  test('survives names that a shell would read', async () => {
    const path = join(etc, "it's $(touch x); `y` *.conf");
    writeFileSync(path, 'old');
    const before = snapshot(etc);
    const put: Step = { kind: 'put-file', path, expectSha256: sha256('old'), content: 'new', why: '' };
    await apply(run, planOf(put));
    expect(readFileSync(path, 'utf8')).toBe('new');
    await rollback(run);
    expect(snapshot(etc)).toEqual(before);
  });

  test('keeps nothing that others may read', async () => {
    const { id } = await apply(run, planOf(editConf(), putHook(), openKey()));
    expect(statSync(run.folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(run.folder, id)).mode & 0o777).toBe(0o700);
  });
});

describe('a run that is undone by itself', () => {
  test('because its result is worse', async () => {
    const before = snapshot(etc);
    const outcome = await apply(run, planOf(editConf(), putHook(), openKey()), {
      verify: async () => 'coturn does not answer any more',
    });
    expect(outcome).toMatchObject({ state: 'undone', reason: 'coturn does not answer any more' });
    expect(snapshot(etc)).toEqual(before);
    expect(readFileSync(join(root, 'running'), 'utf8')).toBe(OLD);
  });

  test('because a step fails: the steps before it are undone, those behind it not begun', async () => {
    const before = snapshot(etc);
    const fails: Step = {
      kind: 'run',
      argv: ['ls', join(root, 'nowhere')],
      undo: ['touch', join(etc, 'never')],
      why: '',
    };
    const outcome = await apply(run, planOf(editConf(), fails, { ...addRule() }));
    expect(outcome.state).toBe('undone');
    expect(outcome).toMatchObject({ reason: expect.stringContaining('No such file') });
    expect(existsSync(join(etc, 'rules-undone'))).toBe(false);
    rmSync(join(etc, 'never'), { force: true });
    expect(snapshot(etc)).toEqual(before);
    expect(existsSync(join(root, 'running'))).toBe(false);
  });

  test('because the operator interrupts it between two steps', async () => {
    const before = snapshot(etc);
    const interruption = new AbortController();
    const outcome = await apply(run, planOf(editConf(), putHook()), {
      signal: interruption.signal,
      onStep: () => interruption.abort(),
    });
    expect(outcome).toMatchObject({ state: 'undone', reason: 'it was interrupted' });
    expect(snapshot(etc)).toEqual(before);
  });

  test('because verifying it breaks', async () => {
    const before = snapshot(etc);
    const verify = async () => {
      throw new TypeError('a bug');
    };
    await expect(apply(run, planOf(editConf()), { verify })).rejects.toThrow('a bug');
    expect(snapshot(etc)).toEqual(before);
    expect(await states()).toEqual(['undone']);
  });
});

describe('refused before anything is changed', () => {
  const refused = async (plan: Plan, code: string) => {
    const before = snapshot(etc);
    await expect(apply(run, plan)).rejects.toMatchObject({ name: 'HostError', code });
    expect(snapshot(etc)).toEqual(before);
    expect(await states()).toEqual([]);
  };

  test('a step that cannot be undone', () =>
    refused(
      planOf(editConf(), { kind: 'run', argv: ['reboot'], undo: 'impossible', why: '' }),
      'irreversible',
    ));

  test('a file that is not what the plan was made for', async () => {
    const plan = planOf(putHook(), editConf());
    writeFileSync(join(etc, 'turnserver.conf'), 'realm=b\n');
    await refused(plan, 'changed');
  });

  test('a second edit that does not go on from the first', () =>
    refused(planOf(editConf(), editConf()), 'changed'));

  test.skipIf(process.getuid?.() === 0)('a folder that is closed to this user', async () => {
    chmodSync(etc, 0o500);
    await refused(planOf(editConf()), 'permission-denied');
  });
});

test('says what could not be given back, and gives it back when called again', async () => {
  await apply(run, planOf(editConf(), putHook()));
  const [entry] = await readRuns(writableLocalHost(), run.folder);
  const backup = join(run.folder, entry!.record.id, 'backup-0');
  const bytes = readFileSync(backup);
  rmSync(backup);
  await expect(rollback(run)).rejects.toThrow('turnserver.conf was not given back');
  expect(await states()).toEqual(['undoing']);
  expect(existsSync(join(etc, 'hook'))).toBe(false);
  writeFileSync(backup, bytes);
  expect(await recover(run)).toEqual([entry!.record.id]);
  expect(readFileSync(join(etc, 'turnserver.conf'), 'utf8')).toBe(OLD);
});

test('a second run is kept out, and told who is busy', async () => {
  await inJournal(run, async () => {
    await expect(inJournal({ ...run, waitMs: 0 }, async () => {})).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining(`turnctl test (process ${process.pid}, since 20`),
    });
  });
  expect(readdirSync(run.folder)).toEqual([]);
});
