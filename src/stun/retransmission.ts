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

/**
 * The schedule turnctl uses by default, where the RFC's 39.5 s would try a person's patience: RTO (250 ms) doubles as
 * there, but nothing is sent that could not be answered within one RTO before the deadline. At 5 s: 0, 250, 750, 1750, 3750.
 */
export function scheduleWithin(deadlineMs: number, rtoMs = 250): RetransmissionSchedule {
  const sendAtMs = [0];
  for (let at = rtoMs; at + rtoMs <= deadlineMs; at = 2 * at + rtoMs) sendAtMs.push(at);
  return { sendAtMs, giveUpAtMs: deadlineMs };
}

/** Over TCP and TLS the transport resends: once, then wait Ti (RFC 8489 §6.2.2, 39.5 s). */
export const sentOnce = (giveUpAtMs = 39_500): RetransmissionSchedule => ({ sendAtMs: [0], giveUpAtMs });
