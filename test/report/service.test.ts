import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../src/model/fact.ts';
import type { Gap, ServiceAction, ServiceState } from '../../src/model/service-state.ts';
import { renderReport } from '../../src/report/index.ts';
import { duration } from '../../src/report/service.ts';
import { report } from '../support/report.ts';
import { reportFaults } from '../support/report-readers.ts';

const state: ServiceState = {
  manager: 'systemd',
  name: 'coturn.service',
  active: 'active',
  sub: 'running',
  enabled: 'enabled',
  restarts: 1,
  user: 'turnserver',
  startedAt: '2026-01-31T08:00:00.000Z',
  privateTmp: true,
  compose: { project: 'calls', service: 'turn', file: '/srv/compose.yaml' },
  pid: 4711,
  uptimeSeconds: 90_061,
  version: { version: '4.6.1', origin: 'running' },
  configuration: known({ path: '/etc/turnserver.conf', foundBy: 'process', changedSinceStart: true }),
  unitFile: '/lib/systemd/system/coturn.service',
  dropIns: ['/etc/systemd/system/coturn.service.d/limits.conf'],
  listeners: known([
    { protocol: 'udp', ip: '203.0.113.10', port: 3478 },
    { protocol: 'udp', ip: '203.0.113.10', port: 3479 },
    { protocol: 'tcp', ip: '2001:db8::10', port: 3478 },
    { protocol: 'tcp', ip: '127.0.0.1', port: 5766 },
  ]),
  certificate: known({
    path: '/etc/coturn/turn.pem',
    fingerprint256: 'AA:BB:CC:DD:EE',
    notAfter: '2026-04-01T00:00:00.000Z',
    served: [
      {
        address: '203.0.113.10:5349',
        fingerprint256: '11:22:33:44:55',
        notAfter: '2026-02-01T00:00:00.000Z',
        same: false,
      },
    ],
  }),
  allocations: unknown('only root sees whose sockets they are'),
  openFiles: known({ soft: 1024, hard: 524_288 }),
  capabilities: [],
  lowPorts: { ports: [443], allowed: false },
};

const gap: Gap = { gapMs: 62, request: 'Binding', everyMs: 20, sent: 34, unanswered: 2 };
const rendering = { color: false, width: 80, unicode: true };

const ACTIONS: readonly ServiceAction[] = [
  { kind: 'none', why: 'Nothing was done, because coturn would not come up again' },
  { kind: 'restart', up: true, gap, allocationsLost: 20, problem: null },
  { kind: 'restart', up: false, gap: { ...gap, gapMs: null }, allocationsLost: null, problem: 'Job failed' },
  { kind: 'reload', loaded: true, sameBefore: false, waitedMs: 220 },
  { kind: 'reload', loaded: true, sameBefore: true, waitedMs: 20 },
  { kind: 'reload', loaded: false, sameBefore: false, waitedMs: 30_000 },
  {
    ...{ kind: 'drain', refusesNew: true, allocationsBefore: 20, allocationsLeft: 15, drainedMs: 8000 },
    ...{ deadlineReached: true, afterwards: 'restart', gap, up: true },
  },
  {
    ...{ kind: 'drain', refusesNew: null, allocationsBefore: 2, allocationsLeft: 0, drainedMs: 61_000 },
    ...{ deadlineReached: false, afterwards: 'stop', gap: null, up: false },
  },
];

describe('the service section', () => {
  test('for a person', () => {
    const texts = ACTIONS.map(action =>
      renderReport('human', report([], { service: { state: null, action } }), rendering, []),
    );
    const whole = renderReport('human', report([], { service: { state } }), rendering, []);
    expect([whole, ...texts].join('\n')).toMatchSnapshot();
  });

  for (const action of ACTIONS) {
    test(`as JSON fits the schema: ${JSON.stringify(action).slice(0, 60)}`, () => {
      const text = renderReport('json', report([], { service: { state, action } }), rendering, []);
      expect(reportFaults(text)).toEqual([]);
    });
  }

  test('without a service, as JSON', () => {
    expect(
      reportFaults(renderReport('json', report([], { service: { state: null } }), rendering, [])),
    ).toEqual([]);
  });

  test('nothing from the host drives the terminal', () => {
    const hostile = { ...state, name: 'co\u001b[2Jturn' };
    expect(renderReport('human', report([], { service: { state: hostile } }), rendering, [])).not.toContain(
      '\u001b',
    );
  });
});

test('durations', () => {
  expect([0.42, 7, 59, 60, 3661, 90_061, 864_000].map(duration)).toEqual([
    '0.4 s',
    '7 s',
    '59 s',
    '1 min',
    '1 h 1 min',
    '1 d 1 h',
    '10 d',
  ]);
});
