import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Rendering, Report } from '../../src/model/report.ts';
import type { Rule } from '../../src/model/rule.ts';
import { renderHuman } from '../../src/report/human.ts';
import { check, failed, report } from '../support/report.ts';

const file = '/etc/turnserver.conf';
const config = readConfig(new TextEncoder().encode('static-auth-secret=topsecret\nno-stun\n'), {
  path: file,
  foundBy: 'unit',
});

const udp = {
  uri: 'turn:turn.example.org:3478?transport=udp',
  transport: 'udp',
  server: { ip: '203.0.113.10', port: 3478 },
} as const;

const observations: readonly Observation[] = [
  {
    probe: 'dns',
    uri: udp.uri,
    transport: 'udp',
    stagesMs: { dns: 2.13 },
    outcome: 'resolved',
    ips: ['203.0.113.10'],
  },
  { probe: 'stun-binding', ...udp, stagesMs: {}, outcome: 'no-response', requestsSent: 4, waitedMs: 1500 },
  {
    probe: 'turn-allocate',
    ...udp,
    requestedTransport: 'udp',
    requestsSent: 2,
    stagesMs: { challenge: 1.24 },
    outcome: 'error-response',
    code: 401,
    reason: '',
    afterChallenge: true,
  },
  {
    probe: 'turn-allocate',
    uri: 'turns:turn.example.org:5349?transport=tcp',
    transport: 'tls',
    server: { ip: '2001:db8:1234:5678:9abc:def0:1234:5678', port: 5349 },
    requestedTransport: 'udp',
    requestsSent: 0,
    stagesMs: { connect: 17.2 },
    outcome: 'tls-failed',
    error: 'alert 40',
  },
];

const checks = [
  failed('listener/no-stun', {
    findings: [
      {
        severity: 'error',
        message:
          'no-stun drops every Binding request, while Allocate still answers, so that every TURN test is green.',
        at: { file, line: 2, column: 1 },
        evidence: 'Allocate answered in 1.2 ms; 4 Binding requests, no answer in 1.5 s',
        remedy: 'Remove the line, then systemctl restart coturn.',
      },
    ],
  }),
  failed('ice/unresponsive-server', { explainedBy: 'listener/no-stun' }),
  failed('auth/weak-secret', {
    severity: 'warning',
    findings: [{ severity: 'warning', message: 'the secret is short', at: { file, line: 1 } }],
  }),
  check('auth/realm-missing'),
  check('tls/untrusted', { outcome: 'skipped', reason: 'no TLS listener' }),
  check('tls/name-mismatch', { outcome: 'skipped', reason: 'no TLS listener' }),
];

const rule: Rule = {
  id: 'listener/no-stun',
  meta: { title: 't', why: 'Browsers send Binding to turn: servers too.', remedy: 'r', severity: 'error' },
  needs: [],
  either: [],
  uses: [],
  check: () => [],
};

const plain: Rendering = { color: false, width: 80, unicode: true };

const render = (rendering: Partial<Rendering> = {}, rest: Partial<Report> = {}) =>
  renderHuman(report(checks, { sources: [config], observations, ...rest }), { ...plain, ...rendering }, [
    rule,
  ]);

test('the whole report at 80 columns', () => {
  expect(render()).toMatchSnapshot();
});

describe('every rendering', () => {
  for (const width of [60, 80, 100]) {
    test(`no line is wider than ${width}`, () => {
      const lines = render({ width }).split('\n');
      // A single word, and the source line of the file, cannot be broken.
      const wide = lines.filter(line => line.length > width && /\S\s+\S/.test(line.trim()));
      expect(wide).toEqual([]);
    });
  }

  test('without UTF-8 there is nothing but ASCII', () => {
    expect(render({ unicode: false })).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test('colour adds escapes and nothing else', () => {
    const colored = render({ color: true });
    expect(colored).toContain('\u001b[31m');
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(render());
    expect(render()).not.toContain('\u001b');
  });

  test('the secret of the quoted line is masked', () => {
    expect(render()).toContain('static-auth-secret=*********');
    expect(render()).not.toContain('topsecret');
  });
});

test('what could not be told is UNKNOWN, never OK', () => {
  const verdict = {
    status: 'inconclusive',
    headline: 'turn.example.org does not resolve',
    exitCode: 3,
    causes: [],
  } as const;
  const text = render({}, { verdict, checks: [check('auth/realm-missing', { outcome: 'skipped' })] });
  expect(text).toMatch(/^UNKNOWN {2}turn\.example\.org does not resolve\n/);
  expect(text).not.toContain('OK');
});
