import { describe, expect, test } from 'vitest';
import { type CollectLimits, collectAll } from '../../src/bundle/collect.ts';
import { type Collector, hostCollectors, serviceCollectors } from '../../src/bundle/collectors.ts';
import { compareBundles } from '../../src/bundle/compare.ts';
import { runCreate } from '../../src/commands/bundle/create.ts';
import { UsageError } from '../../src/commands/usage-error.ts';
import { HostError } from '../../src/host/host.ts';
import { known, unknown } from '../../src/model/fact.ts';
import { deployment } from '../support/facts-builder.ts';
import { fakeIo, hostWith } from '../support/fake-io.ts';
import { silence } from '../support/silent-net.ts';

/** A clock on which the time of a collector is up at once. */
const limits: CollectLimits = {
  eachMs: 1000,
  signal: new AbortController().signal,
  monotonic: () => 0,
  schedule: (_, action) => {
    setImmediate(action);
    return () => {};
  },
};

const collector = (path: string, collect: Collector['collect']): Collector => ({
  ...{ path, what: path, how: 'a test' },
  collect,
});

test('one collector that hangs and one that fails cost nothing but themselves', async () => {
  const collected = await collectAll(
    hostWith({}),
    [
      collector('hangs', () => new Promise(() => {})),
      collector('fails', async () => unknown('permission denied')),
      collector('works', async () => known('text')),
    ],
    limits,
  );
  expect(collected.map(({ path, text }) => [path, text])).toEqual([
    ['hangs', unknown('it took longer than 1 s')],
    ['fails', unknown('permission denied')],
    ['works', known('text')],
  ]);
});

test('what a host without any program refuses is a reason for each', async () => {
  const services = serviceCollectors({ facts: deployment.facts, backendUnit: 'app.service' });
  const collectors = [...hostCollectors(), ...services];
  const collected = await collectAll(hostWith({}), collectors, limits);
  expect(collected.map(({ text }) => text.known)).not.toContain(true);
  expect(new Set(collected.map(({ path }) => path)).size).toBe(collected.length);
});

describe('bundle create', () => {
  const options = { timeout: 1, collectorTimeout: 1, output: 'x.tar.gz' };
  const io = () => ({ ...fakeIo({ 'bad.json': '{' }), net: silence });

  test('on a host without coturn makes a bundle that says so', async () => {
    const here = io();
    expect(await runCreate(options, here)).toBe(0);
    expect([...here.written.keys()]).toContain('x.tar.gz');
    expect(here.printed.stdout).toMatch(/^bundle {6}x\.tar\.gz: \d+ files/);
    expect(here.printed.stdout.split('\n').every(line => line.length <= 80)).toBe(true);
  });

  test('refuses a report of a client that is none', async () => {
    await expect(runCreate({ ...options, clientReport: 'bad.json' }, io())).rejects.toThrow(UsageError);
    await expect(runCreate({ ...options, clientReport: 'no.json' }, io())).rejects.toThrow(HostError);
  });

  test('takes no capture without the consent to show addresses', async () => {
    await expect(runCreate({ ...options, pcap: true }, io())).rejects.toThrow(/--keep-addresses/);
  });
});

describe('two bundles', () => {
  const side = (facts = deployment.facts, texts: Readonly<Record<string, string>> = {}) => ({
    facts,
    failed: [],
    text: (path: string) => texts[path] ?? null,
  });
  const sysctls = (value: string) => ({
    'host/sysctls.txt': `a.b = 1\nnet.x = ${value}\nnf_conntrack_count = ${value}\n`,
  });

  test('that are the same differ in nothing', () => expect(compareBundles(side(), side())).toEqual([]));

  test('are compared most upstream first', () => {
    const changed = deployment.withConfig('no-stun').asVersion('4.18.0').facts;
    const differences = compareBundles(side(undefined, sysctls('2')), side(changed, sysctls('3')));
    const areas = [...new Set(differences.map(({ area }) => area))];
    expect(areas).toEqual(['configuration', 'version', 'sysctl']);
    expect(differences).toContainEqual({ area: 'configuration', what: 'no-stun', good: null, bad: '(set)' });
    expect(differences).toContainEqual({ area: 'sysctl', what: 'net.x', good: '2', bad: '3' });
    expect(differences.map(({ what }) => what)).not.toContain('nf_conntrack_count');
  });

  test('name what was added before what follows from it', () => {
    const unit = (...lines: readonly string[]) => ({
      'service/unit.txt': ['[Service]', ...lines].join('\n'),
    });
    const differences = compareBundles(
      side(undefined, unit('User=a', 'Group=b')),
      side(undefined, unit('User=a', 'LimitNOFILE=64', 'Group=c')),
    );
    expect(differences.map(({ what }) => what)).toEqual(['LimitNOFILE', 'Group']);
  });

  test('of which one has another package say so', () => {
    const packages = (version: string) => ({ 'host/packages.txt': `coturn ${version}\nlibssl3 3.0\n` });
    expect(
      compareBundles(side(undefined, packages('4.6.1-1')), side(undefined, packages('4.6.1-2'))),
    ).toEqual([{ area: 'version', what: 'package coturn', good: '4.6.1-1', bad: '4.6.1-2' }]);
  });

  test('of which one does not know a fact say why', () => {
    const blind = { ...deployment.facts, firewall: unknown('not root') };
    expect(compareBundles(side(), side(blind))).toEqual([
      { area: 'firewall', what: 'firewall', good: 'known', bad: 'unknown: not root' },
    ]);
  });
});
