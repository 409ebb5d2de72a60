import { expect, test } from 'vitest';
import type { CallRecord } from '../../src/model/call-record.ts';
import { NAIVE, REFERENCE } from '../../src/model/scenario.ts';
import { renderColdstart } from '../../src/report/coldstart.ts';
import { jsonDocument } from '../../src/report/json.ts';
import { styleOf } from '../../src/report/style.ts';
import { renderTimelines } from '../../src/report/timelines-html.ts';
import { measuredGathering, summarizeRun } from '../../src/rules/coldstart-summary.ts';
import { GOOD, sideOf } from '../support/call-records.ts';
import { failed, report } from '../support/report.ts';

const callee = sideOf([
  ['candidate', 80, { side: 'remote', type: 'relay' }],
  ['gathered', 140],
]);
const good = (ordinal: number, ms: number): CallRecord => ({
  scenario: 'reference',
  ordinal,
  caller: sideOf(GOOD, ms),
  callee,
});
const lost: CallRecord = {
  scenario: 'naive',
  ordinal: 1,
  caller: sideOf(
    [
      ['peer', 1],
      ['sent', 3, { type: 'offer', relayCandidates: 0 }],
      ['candidate', 64, { side: 'local', type: 'relay' }],
    ],
    null,
  ),
  callee: sideOf([], null),
};
const coldstart = {
  browser: 'Chromium 156',
  runs: [
    summarizeRun(NAIVE, [lost, lost], 0),
    summarizeRun(REFERENCE, [good(1, 210), good(2, 120), good(1, 340), good(2, 100)], 14),
  ],
  predicted: { gatheringMs: 39_750, by: 'turn:turn.example.org:3478?transport=udp' },
  measuredGatheringMs: 39_910,
};

test('the table: what was before, what could be', () => {
  const lines = renderColdstart(coldstart, 80, styleOf({ color: false, width: 80, unicode: true }));
  expect(`\n${lines.join('\n')}\n`).toBe(`
                              naive                   reference
first calls that connect      0 of 2                  2 of 2
time to connect, first call   -                       210 ms
later calls that connect      0 of 0                  2 of 2
time to connect, later calls  -                       100 ms
relay candidate in the offer  0 of 2                  2 of 2
relay candidate received      0 of 2                  2 of 2
server log lines, first call  0                       14

gathering in Chromium 156: 39.9 s; predicted from the wire: 39.8 s
(turn:turn.example.org:3478?transport=udp)
`);
});

test('gathering is measured over both sides of first calls', () => {
  expect(measuredGathering([good(1, 200), good(2, 100)])).toBe(129);
  expect(measuredGathering([lost])).toBeNull();
});

test('--json holds the calls with their timelines', () => {
  const document = JSON.parse(JSON.stringify(jsonDocument(report([], { coldstart }))));
  expect(document.coldstart.runs[1].records[0].caller.events[0]).toEqual({
    kind: 'credentials',
    atMs: 1,
    tookMs: 1,
  });
});

test('the page needs nothing else, and runs nothing that a server could have said', () => {
  const evil = '</script><img src=x onerror=alert(1)>';
  const record = { ...lost, caller: sideOf([['candidate-error', 5, { url: evil, code: 701 }]], null) };
  const page = renderTimelines(
    report([failed('ice/gathering-slow', { findings: [{ message: evil, severity: 'error' }] })], {
      coldstart: { ...coldstart, runs: [summarizeRun(NAIVE, [record], null)] },
    }),
  );
  expect(page).not.toContain('<img');
  expect(page).not.toMatch(/<script|<[^>]+\s(?:src|href)=|url\(/i);
  expect(page).toContain('role="img"');
});
