import { describe, expect, test } from 'vitest';
import { fileChanges } from '../../src/commands/file-changes.ts';
import { sha256 } from '../../src/fixes/journal.ts';
import type { Plan } from '../../src/model/plan.ts';
import { renderFixPlan, renderFixResult, renderRuns } from '../../src/report/fix.ts';

const rendering = { color: false, width: 80, unicode: true };
const path = '/etc/turnserver.conf';
const bytes = Buffer.from('no-stun\nstatic-auth-secret=q7Vb2mZk0sXe9RwT4uYh\nno-tcp-relay\n');

const plan: Plan = {
  resolves: ['listener/no-stun', 'relay/no-tcp-relay', 'config/unreadable', 'firewall/listening-port-closed'],
  risk: 'drops-allocations',
  steps: [
    {
      kind: 'edit-file',
      path,
      expectSha256: sha256(bytes),
      edits: [
        { kind: 'delete-line', target: { option: 'no-stun' } },
        { kind: 'delete-line', target: { option: 'no-tcp-relay' } },
      ],
      why: 'delete the line no-stun; delete the line no-tcp-relay',
    },
    {
      resolves: ['config/unreadable'],
      kind: 'set-access',
      path,
      group: 'turnserver',
      mode: 0o640,
      why: 'lets the service read it',
    },
    {
      kind: 'put-file',
      path: '/etc/systemd/system/coturn.service.d/turnctl-low-ports.conf',
      expectSha256: 'absent',
      content: `[Service]\n${'# a line\n'.repeat(20)}`,
      why: 'gives the service the right to open ports below 1024, and no other',
    },
    {
      kind: 'run',
      argv: ['ufw', 'allow', '3478/udp', 'comment', 'turnctl'],
      undo: ['ufw', 'delete', 'allow', '3478/udp'],
      touches: ['/etc/ufw/user.rules'],
      why: 'lets 3478/udp in',
    },
  ],
  activate: [
    {
      argv: ['systemctl', 'restart', 'coturn.service'],
      back: ['systemctl', 'restart', 'coturn.service'],
      why: 'coturn reads its files when it starts',
    },
  ],
};
const left = [
  {
    id: 'auth/secret-missing',
    title: 'No secret',
    severity: 'error',
    outcome: 'failed',
    findings: [{ severity: 'error', message: 'use-auth-secret without a secret', remedy: 'Write one.' }],
  },
] as const;

test('the plan: steps with their diff, why and undo; the risk; what is left', () => {
  const changes = fileChanges(plan, { path, bytes });
  const text = renderFixPlan({ plan, left, notes: ['A note.'] }, { host: 'turn', changes }, rendering);
  expect(text).toMatchSnapshot();
  expect(text).not.toContain('q7Vb2mZk0sXe9RwT4uYh');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('nothing to do', () => {
  const empty = { ...plan, steps: [], activate: [] };
  const changes = () => [];
  expect(renderFixPlan({ plan: empty, left: [], notes: [] }, { host: 'turn', changes }, rendering)).toBe(
    'Nothing to do on turn.\n',
  );
});

describe('how it ended', () => {
  const cases = [
    { state: 'kept', id: 'ID', causesBefore: 3, causesAfter: 0 },
    { state: 'to-be-confirmed', id: 'ID', seconds: 120, causesBefore: 3, causesAfter: 0 },
    { state: 'undone', id: 'ID', reason: 'service/not-running: coturn.service has failed' },
    { state: 'half-undone', id: 'ID', reason: 'it was interrupted', failures: ['/etc/x was not given back'] },
  ] as const;
  for (const result of cases) {
    test(result.state, () => expect(renderFixResult(result, rendering)).toMatchSnapshot());
  }
});

test('the runs of a host', () => {
  const run = { startedAt: '2026-01-31T12:00:00.000Z', command: 'fix', steps: 4, resolves: plan.resolves };
  const runs = [
    { ...run, id: '20260131T120000Z', state: 'kept' },
    { ...run, id: '20260130T120000Z-2', state: 'undone', steps: 1, resolves: [] },
  ];
  expect(renderRuns(runs, rendering)).toMatchSnapshot();
  expect(renderRuns([], rendering)).toBe('turnctl has changed nothing on this host.\n');
});
