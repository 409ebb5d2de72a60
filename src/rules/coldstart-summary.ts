import type { CallRecord, CallSide } from '../model/call-record.ts';
import type { CallStatistics, ClientRun } from '../model/coldstart.ts';
import type { Scenario } from '../model/scenario.ts';
import { percentile } from '../util/percentile.ts';
import { firstEvent } from './timeline.ts';

/** What the calls of one client come to. */
export function summarizeRun(
  scenario: Scenario,
  records: readonly CallRecord[],
  logLines: number | null,
): ClientRun {
  const first = records.filter(({ ordinal }) => ordinal === 1);
  return {
    scenario,
    first: statisticsOf(first),
    later: statisticsOf(records.filter(({ ordinal }) => ordinal > 1)),
    relayInOffer: first.filter(({ caller }) => Number(firstEvent(caller, 'sent')?.relayCandidates ?? 0) > 0)
      .length,
    relayReceived: first.filter(({ callee }) => hasRemoteRelay(callee)).length,
    logLines,
    records,
  };
}

function statisticsOf(records: readonly CallRecord[]): CallStatistics {
  const times = records.flatMap(({ caller }) => (caller.connectedMs === null ? [] : [caller.connectedMs]));
  return {
    calls: records.length,
    connected: times.length,
    medianMs: percentileOrNull(times, 50),
    p95Ms: percentileOrNull(times, 95),
  };
}

const hasRemoteRelay = (side: CallSide): boolean =>
  firstEvent(side, 'candidate', { side: 'remote', type: 'relay' }) !== undefined;

/** Median time at which gathering ended, over both sides of the first calls; null where it ended nowhere. */
export function measuredGathering(records: readonly CallRecord[]): number | null {
  const ends = records
    .filter(({ ordinal }) => ordinal === 1)
    .flatMap(({ caller, callee }) => [caller, callee])
    .flatMap(side => {
      const end = firstEvent(side, 'gathered');
      return end ? [end.atMs - (firstEvent(side, 'peer')?.atMs ?? 0)] : [];
    });
  return percentileOrNull(ends, 50);
}

const percentileOrNull = (values: readonly number[], percent: number): number | null =>
  values.length === 0 ? null : percentile(values, percent);
