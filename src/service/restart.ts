import { countAllocations } from '../facts/relay-sockets.ts';
import type { Observation } from '../model/observation.ts';
import type { Gap, ServiceAction } from '../model/service-state.ts';
import { formatUri } from '../model/target.ts';
import { type Heartbeat, startHeartbeat } from '../probes/heartbeat.ts';
import { command, type Operating, pause } from './operating.ts';
import { waitUntilUp } from './wait-until-up.ts';

const EVERY_MS = 20;
/** Requests before and after, so that the gap has two ends. */
const MARGIN_MS = 300;

type Restarted = Extract<ServiceAction, { kind: 'restart' }>;

/** Restarts, and measures on the wire how long nothing answered. */
export async function restart(operating: Operating): Promise<Restarted> {
  const { clock, host, service, settings, control, patienceMs, onProgress } = operating;
  const pulse = heartbeatOf(operating);
  await pause(operating, MARGIN_MS);
  // As late as possible: what is lost is what was there then.
  const lost = await countAllocations(host, service.mainPid, settings);
  onProgress(`restarting ${service.name}`);
  const deadlineMs = clock.monotonic() + patienceMs;
  const forget = service.active === 'failed' ? control.forget(service) : null;
  if (forget !== null) await command(operating, forget, patienceMs);
  const problem = await command(operating, control.restart(service), patienceMs);
  const { up } = problem === undefined ? await waitUntilUp(operating, deadlineMs) : { up: false };
  await pause(operating, up ? MARGIN_MS : 0);
  const gap = await pulse.stop(up);
  return {
    kind: 'restart',
    up,
    gap,
    allocationsLost: lost.known ? lost.value : null,
    problem: problem ?? null,
  };
}

/** Requests to one listener that answered before, over UDP where that can be. */
function heartbeatOf({ net, clock, signal, targets, before }: Operating): {
  stop(up: boolean): Promise<Gap>;
} {
  const answered = (probe: Observation['probe']) =>
    before.find(
      o => o.probe === probe && ['answered', 'challenged', 'allocated'].includes(o.outcome) && o.server,
    );
  const seen = answered('stun-binding') ?? answered('turn-allocate');
  const request = seen?.probe === 'turn-allocate' ? 'Allocate' : 'Binding';
  const none: Gap = { gapMs: null, request, everyMs: EVERY_MS, sent: 0, unanswered: 0 };
  const uri = targets.find(target => formatUri(target) === seen?.uri);
  if (seen?.server === undefined || uri === undefined) return { stop: async () => none };
  const heartbeat: Heartbeat = startHeartbeat(net, clock, {
    to: { uri, server: seen.server },
    request,
    everyMs: EVERY_MS,
    signal,
  });
  return {
    async stop(up) {
      const gap = await heartbeat.stop();
      return up ? gap : { ...gap, gapMs: null };
    },
  };
}
