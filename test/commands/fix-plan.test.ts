import { describe, expect, test } from 'vitest';
import { type FixInput, planFix } from '../../src/commands/fix-plan.ts';
import { applyEdits } from '../../src/config/edit.ts';
import { RENEWAL_HOOK } from '../../src/fixes/copy-certificate.ts';
import type { Present } from '../../src/fixes/repair.ts';
import { known } from '../../src/model/fact.ts';
import type { FactValues } from '../../src/model/facts.ts';
import type { Step } from '../../src/model/plan.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import { configPath, deployment, type FactsBuilder, healthyLines } from '../support/facts-builder.ts';

const healthy = <K extends keyof FactValues>(name: K): FactValues[K] => {
  const fact = deployment.facts[name];
  if (!fact.known) throw new Error(`${name} is not known`);
  return fact.value as FactValues[K];
};

interface Case extends Partial<Pick<FixInput, 'named' | 'site'>> {
  readonly lines?: readonly string[];
  readonly present?: Readonly<Record<string, Present>>;
}

function planned(builder: FactsBuilder, { lines = healthyLines, named = [], site, present = {} }: Case = {}) {
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const { facts } = builder.withConfig(...lines);
  const now = Date.parse(facts.observedAt);
  const result = planFix({
    facts,
    checks: runRules(rules, facts, now),
    rules,
    now,
    named,
    file: { path: configPath, bytes },
    firewall: null,
    site: site ?? { realm: null, publicIp: null, privateIp: null },
    at: path => present[path],
    renewalHook: '#!/bin/sh\n',
  });
  let after: Uint8Array = bytes;
  for (const step of result.plan.steps) {
    if (step.kind === 'edit-file') after = applyEdits(after, step.edits);
  }
  return { ...result, after: Buffer.from(after).toString().trimEnd().split('\n') };
}

const argvOf = (steps: readonly Step[]) =>
  steps.map(step => (step.kind === 'run' ? step.argv.join(' ') : `${step.kind} ${step.path}`));

test('a sound host is left alone', () => {
  const { plan, left } = planned(deployment);
  expect(plan).toEqual({ resolves: [], steps: [], risk: 'none', activate: [] });
  expect(left).toEqual([]);
});

describe('lines of the file', () => {
  const cases = [
    { name: 'no-stun', lines: ['no-stun', ...healthyLines], after: healthyLines },
    { name: 'no-tcp-relay', lines: ['no-tcp-relay', ...healthyLines], after: healthyLines },
    { name: 'no-udp-relay', lines: ['no-udp-relay', ...healthyLines], after: healthyLines },
    { name: 'secure-stun', lines: ['secure-stun', ...healthyLines], after: healthyLines },
    { name: 'allow-loopback-peers', lines: ['allow-loopback-peers', ...healthyLines], after: healthyLines },
    {
      name: 'an inverted range',
      lines: healthyLines.map(line =>
        line.replace('min-port=49152', 'min-port=65535').replace('max-port=65535', 'max-port=49152'),
      ),
      after: healthyLines,
    },
    {
      name: 'an external-ip the wrong way round',
      lines: [...healthyLines, 'external-ip=10.0.0.5/198.51.100.7'],
      after: [...healthyLines, 'external-ip=198.51.100.7/10.0.0.5'],
    },
    {
      name: 'several in one file, one of them twice wrong',
      lines: ['no-stun', ...healthyLines, "fingerprint ; # 'why not'", 'denied-peer-ip=192.0.0.0/24;'],
      after: undefined,
    },
  ];
  for (const { name, lines, after } of cases) {
    test(name, () => {
      const result = planned(deployment, { lines });
      if (after !== undefined) expect(result.after).toEqual(after);
      expect(result.plan.resolves.length).toBeGreaterThan(0);
      expect(result.plan.risk).toBe('drops-allocations');
      expect(result.plan.activate?.map(({ argv }) => argv.join(' '))).toEqual([
        'systemctl reset-failed coturn.service',
        'systemctl restart coturn.service',
      ]);
      // What is planned leaves nothing for a second run.
      expect(planned(deployment, { lines: result.after }).plan.steps).toEqual([]);
    });
  }

  test('a realm only where the host tells one', () => {
    const lines = healthyLines.filter(line => !line.startsWith('realm='));
    const unseen = deployment.without('wire');
    expect(planned(unseen, { lines }).left.map(({ id }) => id)).toContain('auth/realm-missing');
    const site = { realm: 'turn.example.org', publicIp: null, privateIp: null };
    expect(planned(unseen, { lines, site }).after).toContain('realm=turn.example.org');
  });

  test('what needs judgement only when it is named', () => {
    const lines = ['stun-only', ...healthyLines];
    expect(planned(deployment, { lines }).plan.steps).toEqual([]);
    expect(planned(deployment, { lines, named: ['listener/stun-only'] }).after).toEqual(healthyLines);
  });

  test('nothing that was not named', () => {
    const lines = ['no-stun', 'no-tcp-relay', ...healthyLines];
    const { after } = planned(deployment, { lines, named: ['listener/no-stun'] });
    expect(after).toEqual(['no-tcp-relay', ...healthyLines]);
  });

  test('a secret is never made up', () => {
    const lines = healthyLines.filter(line => !line.startsWith('static-auth-secret'));
    const { after, left } = planned(deployment, { lines });
    expect(after.join('\n')).not.toContain('static-auth-secret');
    expect(left.map(({ id }) => id)).toContain('auth/secret-missing');
  });

  test('no restart of a coturn that would not survive it', () => {
    const lines = ['no-stun', ...healthyLines, 'bps-capacity=1000000'];
    const { plan, notes } = planned(deployment, { lines });
    expect(plan.steps).toEqual([]);
    expect(plan.activate).toEqual([]);
    expect(notes.join()).toContain('would not survive a restart');
  });
});

describe('the host', () => {
  const failing = { ...healthy('service'), active: 'failed', sub: 'failed', mainPid: null };

  test('a file that the service cannot read', () => {
    const configFile = { ...healthy('configFile'), group: 'root', mode: 0o600, readableByService: false };
    const { plan } = planned(deployment.with({ configFile }), { lines: ['no-stun', ...healthyLines] });
    expect(plan.resolves).toEqual(['listener/no-stun', 'config/unreadable']);
    expect(plan.steps[1]).toMatchObject({ kind: 'set-access', group: 'turnserver', mode: 0o640 });
  });

  test('a folder of others that keeps the service out is left to its owner', () => {
    const configFile = { ...healthy('configFile'), readableByService: false, blockedAt: '/etc' };
    const { plan, left } = planned(deployment.with({ configFile }));
    expect(plan.steps).toEqual([]);
    expect(left.map(({ id }) => id)).toEqual(['config/unreadable']);
  });

  test('a service that has failed is started, and left failed by the undo', () => {
    const { plan } = planned(deployment.with({ service: failing, processes: [], sockets: [] }).seeing());
    expect(plan.risk).toBe('none');
    expect(plan.activate?.map(({ argv, back }) => [argv.join(' '), back.join(' ')])).toEqual([
      ['systemctl reset-failed coturn.service', 'systemctl reset-failed coturn.service'],
      ['systemctl restart coturn.service', 'systemctl restart coturn.service'],
    ]);
  });

  test('a service that was stopped is stopped again by the undo', () => {
    const service = { ...failing, active: 'inactive', sub: 'dead', enabled: 'disabled' };
    const { plan } = planned(deployment.with({ service, processes: [], sockets: [] }).seeing());
    expect(argvOf(plan.steps)).toEqual(['systemctl enable coturn.service']);
    expect(plan.activate?.at(-1)?.back).toEqual(['systemctl', 'stop', 'coturn.service']);
  });

  test('a service that is only not enabled is not started anew', () => {
    const service = { ...healthy('service'), enabled: 'disabled' };
    const { plan } = planned(deployment.with({ service }));
    expect(argvOf(plan.steps)).toEqual(['systemctl enable coturn.service']);
    expect(plan).toMatchObject({ risk: 'none', activate: [] });
  });

  test('the folder of the log', () => {
    const log = { ...healthy('log'), folderWritable: false };
    const present = { '/var/log/turnserver': 'absent' } as const;
    const { plan } = planned(deployment.with({ log }), { present });
    expect(argvOf(plan.steps)).toEqual([
      'install -d -m 0750 -o turnserver -g turnserver /var/log/turnserver',
    ]);
  });

  test('a port below 1024', () => {
    const lines = healthyLines.map(line => line.replace('5349', '443'));
    const present = {
      '/etc/systemd/system/coturn.service.d/turnctl-low-ports.conf': 'absent',
      '/etc/systemd/system/coturn.service.d': 'absent',
    } as const;
    const { plan } = planned(deployment.with({ sockets: [] }), { lines, present });
    expect(argvOf(plan.steps)).toEqual([
      'mkdir /etc/systemd/system/coturn.service.d',
      'put-file /etc/systemd/system/coturn.service.d/turnctl-low-ports.conf',
    ]);
    expect(plan.activate?.[0]?.argv).toEqual(['systemctl', 'daemon-reload']);
  });

  test("certbot's files are copied, now and after each renewal", () => {
    const live = '/etc/letsencrypt/live/turn.example.org';
    const file = (path: string) => ({
      path,
      exists: true,
      readableByService: false,
      modifiedAt: null,
      blockedAt: '/etc/letsencrypt/live',
    });
    const tlsFiles = {
      ...healthy('tlsFiles'),
      certificateFile: file(`${live}/fullchain.pem`),
      keyFile: file(`${live}/privkey.pem`),
    };
    const lines = healthyLines.map(line =>
      line
        .replace('/etc/coturn/turn.pem', `${live}/fullchain.pem`)
        .replace('/etc/coturn/turn.key', `${live}/privkey.pem`),
    );
    const present = { [RENEWAL_HOOK]: 'absent', '/etc/coturn/tls': 'absent' } as const;
    const { plan, after } = planned(deployment.with({ tlsFiles }), { lines, present });
    expect(after).toContain('pkey=/etc/coturn/tls/privkey.pem');
    expect(argvOf(plan.steps).slice(1)).toEqual([
      `put-file ${RENEWAL_HOOK}`,
      'install -d -m 0750 -g turnserver /etc/coturn/tls',
      `env COTURN_GROUP=turnserver COTURN_SERVICE=coturn.service ${RENEWAL_HOOK} ${live}`,
    ]);
    expect(
      planned(deployment.with({ tlsFiles }), { lines, present: { [RENEWAL_HOOK]: { kind: 'other' } } }).plan
        .steps,
    ).toEqual([]);
  });

  test('without a service manager the operator is told to start it', () => {
    const { facts } = deployment;
    const builder = deployment.with({ service: { ...healthy('service'), manager: 'none' } });
    expect(facts.service).toEqual(known(healthy('service')));
    const { notes, plan } = planned(builder, { lines: ['no-stun', ...healthyLines] });
    expect(plan.activate).toEqual([]);
    expect(notes.join()).toContain('start it anew yourself');
  });
});
