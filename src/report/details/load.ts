import type {
  LoadAllocationsObservation,
  LoadRelayObservation,
  Percentiles,
  RampEnd,
} from '../../model/observations/load.ts';

const ENDS: Readonly<Record<RampEnd, string>> = {
  count: 'the number asked for was reached',
  quota: 'a quota gave out (486)',
  ports: 'the relay ports gave out (508)',
  latency: 'allocations took longer than the budget',
  time: 'the time was up',
  failure: 'an Allocate failed',
  interrupted: 'interrupted',
};

const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const whole = (value: number): string => Math.round(value).toLocaleString('en');

const latency = ({ p50, p95, p99, max }: Percentiles): string =>
  `latency p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}, max ${ms(max)} ms`;

/** How fast allocations were set up, step by step. */
export function describeLoadAllocations(observation: LoadAllocationsObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { allocated, perSecond, latencyMs, steps, unanswered, endedBy, why, released, confirmed } =
    observation;
  return [
    `allocations: ${whole(allocated)}, ${whole(perSecond)} a second; ${ENDS[endedBy]}`,
    ...(why === undefined || endedBy === 'quota' || endedBy === 'ports' ? [] : [`  ${why}`]),
    `  ${latency(latencyMs)}`,
    `${'  at once'.padEnd(12)}${'allocated'.padStart(10)}${'a second'.padStart(10)}${'p95 ms'.padStart(10)}`,
    ...steps.map(
      step =>
        `${`  ${step.atOnce}`.padEnd(12)}${String(step.allocated).padStart(10)}${whole(step.perSecond).padStart(10)}${ms(step.p95Ms).padStart(10)}`,
    ),
    ...(unanswered === 0 ? [] : [`  ${unanswered} without an answer for 3 s`]),
    `  ${released} given back, ${confirmed} confirmed by the server`,
  ];
}

/** How fast messages passed, and how many did not. */
export function describeLoadRelay(observation: LoadRelayObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const {
    senders,
    sizeBytes,
    sent,
    delivered,
    lost,
    duplicates,
    lastedMs,
    messagesPerSecond,
    relayedPerSecond,
    latencyMs,
  } = observation;
  return [
    `relaying: ${whole(messagesPerSecond)} messages a second, which is ${whole(relayedPerSecond)} packets:`,
    '  each passes the relay twice, out of one allocation and into another',
    `  ${whole(sent)} sent by ${senders} allocations, ${sizeBytes} bytes each, in ${(lastedMs / 1000).toFixed(2)} s`,
    `  ${whole(delivered)} delivered, ${whole(lost)} lost (${((100 * lost) / Math.max(1, sent)).toFixed(3)} %), ${whole(duplicates)} twice`,
    `  ${latency(latencyMs)}`,
  ];
}
