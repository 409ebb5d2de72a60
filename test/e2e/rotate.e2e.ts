import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RotationResult } from '../../src/report/rotation.ts';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { type Diagnosis, outside, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();

const FILE = '/etc/turnserver.conf';
const OUTPUT = '/root/turn-secret';
const URI = 'turn:203.0.113.10:3478?transport=udp';

describe.skipIf(available !== true)(
  `credentials rotate${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CoturnLab;
    beforeAll(async () => {
      lab = await startCoturnLab();
      await restartCoturn(lab.host, SOUND);
      const deadline = Date.now() + 60_000;
      while ((await answerTo(SECRET)) !== 'allocated') {
        if (Date.now() > deadline) throw new Error('coturn does not answer');
      }
    });
    afterAll(() => lab?.close());

    /** What a client elsewhere gets with a credential of this secret. */
    async function answerTo(secret: string): Promise<string | number | undefined> {
      const argv = ['probe', 'turn', URI, '--json', '--timeout', '3'];
      const env = { ...lab.trust.elsewhere, TURNCTL_SECRET: secret };
      const { observations } = JSON.parse((await turnctl(outside(lab.out), argv, env)).stdout) as Diagnosis;
      const allocate = observations.find(({ probe }) => probe === 'turn-allocate');
      return allocate?.outcome === 'error-response' ? allocate.code : allocate?.outcome;
    }
    async function rotate(...argv: string[]) {
      const result = await turnctl(lab.host, ['credentials', 'rotate', '--json', ...argv], lab.trust.onHost);
      if (!result.stdout.startsWith('{')) throw new Error(`${result.exitCode}: ${result.stderr}`);
      const { run } = JSON.parse(result.stdout) as { readonly run: RotationResult | null };
      return { ...result, run };
    }
    const read = (path: string) => lab.host.must(['cat', path]);
    const look = async (path: string) => (await lab.host.must(['stat', '-c', '%U:%G %a', path])).trim();

    test('one secret goes after the other, and rollback gives each file back', async () => {
      const original = [await read(FILE), await look(FILE)];

      const added = await rotate('--yes', '--secret-output', OUTPUT);
      expect(added).toMatchObject({ exitCode: 0, run: { state: 'kept', accepted: 2, refused: 0 } });
      const secret = (await read(OUTPUT)).trim();
      expect([secret.length, await look(OUTPUT)]).toEqual([43, 'root:root 600']);
      const both = await read(FILE);
      expect(both).toBe(
        original[0]?.replace('static-auth-secret=', `static-auth-secret=${secret}\nstatic-auth-secret=`),
      );
      expect([await answerTo(SECRET), await answerTo(secret)]).toEqual(['allocated', 'allocated']);

      const finished = await rotate('--finish', '--yes');
      expect(finished).toMatchObject({ exitCode: 0, run: { state: 'kept', accepted: 1, refused: 1 } });
      expect([await answerTo(SECRET), await answerTo(secret)]).toEqual([401, 'allocated']);
      expect((await rotate('--finish', '--yes')).run).toBeNull();

      const listed = await turnctl(lab.host, ['rollback', '--list', '--json']);
      for (const { stdout, stderr } of [added, finished, listed]) {
        expect(stdout + stderr).not.toContain(secret);
        expect(stdout + stderr).not.toContain(SECRET);
      }
      expect((await turnctl(lab.host, ['rollback'])).exitCode).toBe(0);
      expect(await read(FILE)).toBe(both);
      expect((await turnctl(lab.host, ['rollback'])).exitCode).toBe(0);
      expect([await read(FILE), await look(FILE)]).toEqual(original);
    });

    test('a secret that coturn does not take, as of a file that it does not read, is undone', async () => {
      const other = '/etc/coturn/other.conf';
      await lab.host.must(['cp', '-p', FILE, other]);
      const before = await read(other);
      const { exitCode, stderr, run } = await rotate('--yes', '--config', other);
      expect({ exitCode, stderr, run }).toMatchObject({
        exitCode: 4,
        stderr: '',
        run: { state: 'undone', reason: expect.stringMatching(/the secret to sign with/) },
      });
      expect([await read(other), await answerTo(SECRET)]).toEqual([before, 'allocated']);
    });

    test('a file that coturn has not read yet is not finished: nothing is done', async () => {
      const only = ['rotate', '--no-restart', '--yes'];
      expect((await turnctl(lab.host, ['credentials', ...only], lab.trust.onHost)).exitCode).toBe(0);
      const before = await read(FILE);
      const finish = ['credentials', 'rotate', '--finish', '--yes'];
      const { exitCode, stderr } = await turnctl(lab.host, finish, lab.trust.onHost);
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/does not take the secret that is to be kept, so nothing was done/);
      expect([await read(FILE), await answerTo(SECRET)]).toEqual([before, 'allocated']);
    });
  },
);
