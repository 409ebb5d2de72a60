import type { Observation } from '../model/observation.ts';
import { REACHABILITY } from '../probes/plan.ts';
import { runProbes } from '../probes/run.ts';
import { type Operating, pause } from './operating.ts';

const EACH_TRY_MS = 2000;
const BETWEEN_MS = 100;

/** Probes until everything that answered before does so again, or until `deadlineMs` on the clock that never jumps. */
export async function waitUntilUp(
  operating: Operating,
  deadlineMs: number,
): Promise<{ readonly up: boolean; readonly observations: readonly Observation[] }> {
  const { net, clock, signal, targets, before, onProgress } = operating;
  for (;;) {
    const leftMs = Math.max(1, deadlineMs - clock.monotonic());
    const observations = await runProbes(net, clock, {
      uris: targets,
      steps: REACHABILITY,
      timeoutMs: Math.min(EACH_TRY_MS, leftMs),
      signal,
      onEvent: ({ waitingFor }) => onProgress(`waiting for ${waitingFor}`),
    });
    if (answersAsBefore(observations, before)) return { up: true, observations };
    if (signal.aborted || clock.monotonic() >= deadlineMs) return { up: false, observations };
    await pause(operating, BETWEEN_MS);
  }
}

/** STUN and TURN, at every address where they answered before; where nothing did, TURN at one of them. */
export function answersAsBefore(now: readonly Observation[], before: readonly Observation[]): boolean {
  const wanted = before.filter(isHealthyAnswer);
  const isUp = (observation: Observation) =>
    now.some(
      other => other.probe === observation.probe && other.uri === observation.uri && isHealthyAnswer(other),
    );
  return wanted.length > 0
    ? wanted.every(isUp)
    : now.some(observation => observation.probe === 'turn-allocate' && isHealthyAnswer(observation));
}

/** An answer that a healthy server gives: an error such as 403 or 486 may well be gone after a restart. */
export const isHealthyAnswer = ({ probe, outcome }: Observation): boolean =>
  probe !== 'dns' && ['answered', 'allocated', 'challenged', 'handshake'].includes(outcome);
