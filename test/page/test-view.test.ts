import { expect, test } from 'vitest';
import type { UriTest } from '../../src/page/serve/test-uris.ts';
import { outcome, progress, summary } from '../../src/page/serve/test-view.ts';

const relay = { kind: 'candidate', side: 'local', type: 'relay', protocol: 'udp' } as const;
const waiting: UriTest = { uri: 'turn:a', events: [], endMs: null, isGivenUp: false };
const good: UriTest = { ...waiting, events: [{ ...relay, atMs: 64 }], endMs: 140 };
const held: UriTest = { ...good, endMs: 40_000 };
const bad: UriTest = { ...waiting, endMs: 140 };
const silent: UriTest = { ...waiting, endMs: 42_000, isGivenUp: true };
const other: UriTest = { ...bad, events: [{ ...relay, type: 'srflx', atMs: 64 }] };

const outcomes: [what: string, uriTest: UriTest, expected: ReturnType<typeof outcome>][] = [
  ['nothing yet', waiting, ['busy', 'Waiting for an answer…']],
  ['a relay candidate', good, ['good', 'Works: relay after 64 ms']],
  ['a relay candidate before the end', { ...good, endMs: null }, ['good', 'Works: relay after 64 ms']],
  ['one, and a late end', held, ['good', 'Works: relay after 64 ms, the end of gathering much later']],
  ['an end without one', bad, ['bad', 'No relay']],
  ['no end', silent, ['bad', 'No relay in 42 s']],
  ['another candidate alone', other, ['bad', 'No relay']],
];
for (const [what, uriTest, expected] of outcomes)
  test(what, () => expect(outcome(uriTest)).toEqual(expected));

test('one sentence for all of them', () =>
  expect([[good], [bad], [good, held], [good, bad, silent], [bad, silent]].map(summary)).toEqual([
    'The way to the server works.',
    'The server gives no relay.',
    'All 2 ways work.',
    '1 of 3 ways work.',
    'None of the ways works.',
  ]));

test('how far it is', () =>
  expect([progress([waiting, waiting]), progress([good, waiting])]).toEqual([
    'Testing…',
    'Testing… 1 of 2 done. A way that stays silent takes the browser 40 s.',
  ]));
