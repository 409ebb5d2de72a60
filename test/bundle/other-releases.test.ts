import { describe, expect, test } from 'vitest';
import { writeArchive } from '../../src/bundle/archive.ts';
import { sha256Of } from '../../src/bundle/open-bundle.ts';
import { main } from '../../src/cli/main.ts';
import type { Check } from '../../src/model/report.ts';
import { deployment } from '../support/facts-builder.ts';
import { type FakeIo, fakeIo, hostWith } from '../support/fake-io.ts';

/** A bundle whose report and manifest are these, beside what every one of them has. */
function bundleOf(report: object, manifest: object = {}): Uint8Array {
  const content = Buffer.from(JSON.stringify({ schemaVersion: 1, ...report }));
  const member = { path: 'report.json', what: 'facts', how: 'turnctl diagnose', ms: 1 };
  const head = {
    format: 'turnctl-bundle',
    schemaVersion: 1,
    tool: { name: 'turnctl', version: '0.0.1' },
    createdAt: '2026-01-31T12:00:00.000Z',
    host: 'turn-7',
    members: [{ ...member, sizeBytes: content.length, sha256: sha256Of(content) }],
    leftOut: [],
    redactions: { secrets: 1, users: 0, addresses: 0, stable: true },
    audit: { secrets: 16, planted: 15 },
    ...manifest,
  };
  return writeArchive(
    [
      { path: 'manifest.json', content: Buffer.from(JSON.stringify(head)) },
      { path: 'report.json', content },
    ],
    0,
  );
}

async function judge(bundle: Uint8Array, io: FakeIo = fakeIo({ 'b.tar.gz': bundle })) {
  const exitCode = await main(['node', 'turnctl', 'diagnose', '--json', '--from', 'b.tar.gz'], io);
  const { stdout, stderr } = io.printed;
  const checks: readonly Check[] = stdout === '' ? [] : JSON.parse(stdout).checks;
  return { exitCode, stderr, stdout, outcomes: new Map(checks.map(check => [check.id, check])) };
}

describe('a bundle of an older turnctl, which knew less', () => {
  const { firewall: _, kernel: __, logLines: ___, ...older } = deployment.facts;

  test('is judged by what it has; the rest is skipped, with the reason', async () => {
    const { exitCode, outcomes } = await judge(bundleOf({ facts: older }));
    expect(exitCode).toBe(0);
    expect(outcomes.get('listener/no-stun')).toMatchObject({ outcome: 'passed' });
    expect(outcomes.get('peers/needed-peer-denied')).toMatchObject({
      outcome: 'skipped',
      reason: 'b.tar.gz does not have it',
    });
  });
});

describe('a bundle of a newer turnctl', () => {
  test('with more in it is read, as long as its schema is the same', async () => {
    const facts = { ...deployment.facts, weather: { known: true, value: { rain: true } } };
    const { exitCode, outcomes } = await judge(
      bundleOf({ facts, forecast: 'dry' }, { signature: 'abc', tool: { name: 'turnctl', version: '9.0.0' } }),
    );
    expect(exitCode).toBe(0);
    expect(outcomes.get('listener/no-stun')).toMatchObject({ outcome: 'passed' });
  });

  test.each([
    ['in its manifest', bundleOf({ facts: deployment.facts }, { schemaVersion: 2 })],
    ['in its report', bundleOf({ facts: deployment.facts, schemaVersion: 2 })],
  ])('of another schema %s is refused, and says which', async (_where, bundle) => {
    const { exitCode, stdout, stderr } = await judge(bundle);
    expect(stderr).toMatch(/schemaVersion 2; this turnctl reads 1/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

test('a bundle is judged without a look at this machine or its network', async () => {
  const forbidden = (what: string) =>
    new Proxy(Object.create(null), {
      get(_, name) {
        if (name === 'name') return 'this-machine';
        throw new Error(`${what} was asked for ${String(name)}`);
      },
    });
  const bundle = bundleOf({ facts: deployment.facts });
  const read: string[] = [];
  const files = hostWith({ 'b.tar.gz': bundle });
  const io: FakeIo = {
    ...fakeIo(),
    host: forbidden('the host'),
    net: forbidden('the network'),
    localHost: {
      ...files,
      readFile: (path, options) => {
        read.push(path);
        return files.readFile(path, options);
      },
    },
  };
  expect((await judge(bundle, io)).exitCode).toBe(0);
  expect(read.filter(path => !path.endsWith('turnctl.ini'))).toEqual(['b.tar.gz']);
});
