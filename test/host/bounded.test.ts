import { expect, test } from 'vitest';
import { boundedHost } from '../../src/host/bounded.ts';
import { hostWith } from '../support/fake-io.ts';

test('no program gets more than its share, and none once time is up', async () => {
  const late = new AbortController();
  const asked: unknown[] = [];
  const inner = {
    ...hostWith({ '/etc/hostname': 'srv' }),
    run: async (_: readonly string[], options = {}) => {
      asked.push({ ...options });
      return { exitCode: 0, stdout: '', stderr: '', truncated: false };
    },
  };
  const host = boundedHost(inner, { eachMs: 2500, signal: late.signal });
  await host.run(['systemctl']);
  await host.run(['grep'], { timeoutMs: 1000, input: 'x' });
  expect(asked).toEqual([
    { timeoutMs: 2500, signal: late.signal },
    { timeoutMs: 1000, input: 'x', signal: late.signal },
  ]);
  late.abort();
  await expect(host.run(['journalctl'])).rejects.toMatchObject({
    code: 'timed-out',
    message: 'no time was left for journalctl',
  });
  expect(Buffer.from(await host.readFile('/etc/hostname')).toString()).toBe('srv');
});
