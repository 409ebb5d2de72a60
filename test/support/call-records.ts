import type { CallRecord, CallSide, TimelineEvent } from '../../src/model/call-record.ts';
import type { ClientFact } from '../../src/model/facts.ts';
import { NAIVE, type Scenario } from '../../src/model/scenario.ts';

/** A timeline as `[kind, milliseconds, details]`. */
export type Steps = readonly (readonly [
  kind: string,
  atMs: number,
  details?: Readonly<Record<string, string | number>>,
])[];

/** What the reference client saw on a healthy server behind symmetric NATs. */
export const GOOD: Steps = [
  ['credentials', 1, { tookMs: 1 }],
  ['peer', 1, { servers: 1 }],
  ['candidate', 76, { side: 'local', type: 'relay' }],
  ['sent', 90, { type: 'offer', relayCandidates: 1 }],
  ['gathered', 130],
  ['received', 160, { type: 'answer', relayCandidates: 1 }],
  ['state', 161, { state: 'checking' }],
  ['state', 241, { state: 'connected' }],
];

export function sideOf(steps: Steps, connectedMs: number | null = 250): CallSide {
  const events = steps.map(([kind, atMs, details]): TimelineEvent => ({ kind, atMs, ...details }));
  return { events, connectedMs, via: connectedMs === null ? null : 'relay/udp' };
}

/** One call with the naive client, its caller changed. */
export function clientOf(
  caller: CallSide = sideOf(GOOD),
  scenario: Partial<Scenario> = {},
  callee: CallSide = sideOf(GOOD),
): ClientFact {
  const call: CallRecord = { scenario: 'naive', ordinal: 1, caller, callee };
  return {
    scenario: { ...NAIVE, ...scenario },
    uris: ['turn:turn.example.org:3478?transport=udp'],
    calls: [call],
  };
}
