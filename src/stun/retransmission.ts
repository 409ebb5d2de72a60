/** Times in milliseconds after the first send. */
export interface RetransmissionSchedule {
  /** Ascending, the first is 0. */
  readonly sendAtMs: readonly number[];
  readonly giveUpAtMs: number;
}

/**
 * Times at which a request is sent over UDP, in milliseconds after the first, and when to give up.
 * RFC 8489 §6.2.1: RTO doubles after each of Rc requests; the client waits Rm × RTO after the last.
 */
export function retransmissionSchedule({ rtoMs = 500, rc = 7, rm = 16 } = {}): RetransmissionSchedule {
  const sendAtMs = Array.from({ length: rc }, (_, index) => rtoMs * (2 ** index - 1));
  return { sendAtMs, giveUpAtMs: (sendAtMs.at(-1) ?? 0) + rm * rtoMs };
}

/** After the fourth request the gap no longer grows: whether all is silent or much is lost, only many requests tell. */
const DOUBLINGS = 3;

/**
 * The schedule turnctl uses by default, where the RFC's 39.5 s would try a person's patience: RTO (250 ms) doubles three
 * times as there, then a request goes out each RTO, but none that could not be answered within one RTO before the deadline.
 * At 5 s: 0, 250, 750, 1750, 2000, 2250 and so on, 16 in all. Where 30 % of packets are lost each way, all of them fail
 * once in 50 000 times; the five of a schedule that doubles to the end would, once in 30.
 */
export function scheduleWithin(deadlineMs: number, rtoMs = 250): RetransmissionSchedule {
  const sendAtMs = [0];
  const next = (at: number) => at + rtoMs * (sendAtMs.length <= DOUBLINGS ? 2 ** (sendAtMs.length - 1) : 1);
  for (let at = rtoMs; at + rtoMs <= deadlineMs; at = next(at)) sendAtMs.push(at);
  return { sendAtMs, giveUpAtMs: deadlineMs };
}

/** Over TCP and TLS the transport resends: once, then wait Ti (RFC 8489 §6.2.2, 39.5 s). */
export const sentOnce = (giveUpAtMs = 39_500): RetransmissionSchedule => ({ sendAtMs: [0], giveUpAtMs });
