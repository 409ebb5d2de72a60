import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../src/config/settings.ts';
import { stateOf } from '../../src/facts/service-state.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { ServiceFact } from '../../src/model/facts.ts';
import { deployment, type FactsBuilder } from '../support/facts-builder.ts';
import { handshake } from '../support/observations.ts';

const limits = known({ soft: 1024, hard: 4096 });
const service = (deployment.facts.service as { value: ServiceFact }).value;

function state({ facts }: FactsBuilder, changes: Partial<ServiceFact> = {}) {
  const settings = facts.config.known ? settingsOf(facts.config.value, '4.6.1') : null;
  return stateOf({ ...service, ...changes }, facts, settings, limits);
}

describe('the state of a service', () => {
  test('one that runs', () => {
    expect(state(deployment)).toMatchObject({
      manager: 'systemd',
      pid: 4711,
      uptimeSeconds: 4 * 3600,
      version: { version: '4.6.1', origin: 'running' },
      configuration: known({ path: '/etc/turnserver.conf', foundBy: 'unit', changedSinceStart: false }),
      unitFile: '/lib/systemd/system/coturn.service',
      dropIns: [],
      allocations: known(0),
      openFiles: limits,
      lowPorts: { ports: [], allowed: false },
      privateTmp: true,
    });
  });

  test('its listeners, without relay sockets', () => {
    const relay = {
      protocol: 'udp',
      ip: '203.0.113.10',
      port: 50_000,
      pid: 4711,
      program: 'turnserver',
    } as const;
    const sockets = deployment.facts.sockets.known ? deployment.facts.sockets.value : [];
    const { listeners, allocations } = state(deployment.with({ sockets: [...sockets, relay] }));
    expect(listeners).toMatchObject({ value: sockets.map(({ ip, port }) => ({ ip, port })) });
    expect(allocations).toEqual(known(1));
  });

  test('one that is stopped has no uptime, and nothing that a process has', () => {
    expect(state(deployment, { mainPid: null, active: 'inactive' })).toMatchObject({
      pid: null,
      startedAt: null,
      uptimeSeconds: null,
      listeners: { known: false },
      allocations: { known: false },
    });
  });

  test('a file that changed since the start', () => {
    const configFile = deployment.facts.configFile.known ? deployment.facts.configFile.value : undefined;
    const changed = { ...configFile!, modifiedAt: '2026-01-31T11:00:00.000Z' };
    expect(state(deployment.with({ configFile: changed })).configuration).toMatchObject({
      value: { changedSinceStart: true },
    });
  });

  test('drop-ins, and a port below 1024 that may be bound', () => {
    const facts = deployment.removing('listening-port').adding('listening-port=443');
    expect(
      state(facts, { fragments: ['/a.service', '/b.conf'], capabilities: ['cap_net_bind_service'] }),
    ).toMatchObject({ dropIns: ['/b.conf'], lowPorts: { ports: [443], allowed: true } });
  });

  test('the certificate of the file beside those served', () => {
    const facts = deployment.seeingFromHost(handshake());
    const { certificate } = state(facts);
    expect(certificate).toMatchObject({
      value: {
        path: '/etc/coturn/turn.pem',
        fingerprint256: 'AA:BB',
        served: [{ same: expect.any(Boolean) }],
      },
    });
  });

  test('without its configuration: unknown, never a default', () => {
    expect(state(deployment.without('config'))).toMatchObject({
      configuration: { known: false },
      listeners: { known: false },
      allocations: { known: false },
    });
  });

  test('without TLS', () => {
    expect(state(deployment.with({}).without('tlsFiles')).certificate).toEqual(unknown('no tlsFiles'));
  });
});
