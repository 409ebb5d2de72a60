import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HostError } from '../../src/host/host.ts';
import { localHost } from '../../src/host/local.ts';
import { openRecording, recordedHost } from '../../src/host/recorded.ts';
import { recordingHost, saveRecording } from '../../src/host/recording.ts';
import { maskSecrets } from '../../src/util/mask.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnctl-recording-'));
  writeFileSync(join(folder, 'turnserver.conf'), 'realm=example.org\nstatic-auth-secret=north\n');
  writeFileSync(join(folder, 'latin'), Buffer.from('realm=caf\xe9\nstatic-auth-secret=north\n', 'latin1'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a recording answers as the host did, without its secrets', async () => {
  const recording = recordingHost(localHost(), maskSecrets);
  const config = join(folder, 'turnserver.conf');
  expect(Buffer.from(await recording.readFile(config)).toString()).toContain('north');
  await recording.readFile(join(folder, 'latin'));
  await recording.run(['cat', config]);
  await recording.readDirectory(folder);
  await recording.readLink('/proc/self/ns/net');
  await recording.status(config);
  await expect(recording.readFile(folder)).rejects.toThrow(HostError);
  await expect(recording.run(['turnctl-no-such-program'])).rejects.toThrow(HostError);
  await saveRecording(recording.recording(), join(folder, 'saved'));

  const kept = await openRecording(join(folder, 'saved'));
  expect(JSON.stringify(kept)).not.toMatch(/north/);
  const replayed = recordedHost(kept);
  expect(replayed.unused()).toHaveLength(8);
  expect(Buffer.from(await replayed.readFile(config)).toString()).toBe(
    'realm=example.org\nstatic-auth-secret=***\n',
  );
  expect(Buffer.from(await replayed.readFile(join(folder, 'latin'))).toString('latin1')).toBe(
    'realm=caf\xe9\nstatic-auth-secret=***\n',
  );
  expect((await replayed.run(['cat', config])).stdout).toBe('realm=example.org\nstatic-auth-secret=***\n');
  expect(await replayed.readDirectory(folder)).toEqual(['latin', 'turnserver.conf']);
  expect(await replayed.readLink('/proc/self/ns/net')).toMatch(/^net:/);
  expect(await replayed.status(config)).toEqual(await localHost().status(config));
  await expect(replayed.readFile(folder)).rejects.toMatchObject({ name: 'HostError', code: 'is-directory' });
  await expect(replayed.run(['turnctl-no-such-program'])).rejects.toMatchObject({ code: 'no-such-program' });
  expect(replayed.unused()).toEqual([]);
});

test('what was not asked then is no answer of a host', async () => {
  const replayed = recordedHost(recordingHost(localHost(), maskSecrets).recording());
  const asked = await replayed.readFile('/etc/turnserver.conf').catch((error: unknown) => error);
  expect(asked).toBeInstanceOf(Error);
  expect(asked).not.toBeInstanceOf(HostError);
});
