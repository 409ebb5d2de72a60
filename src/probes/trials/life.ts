import { randomBytes } from 'node:crypto';
import type { LifeCheck, Reply, TrialResults } from '../../model/observations/turn-trial.ts';
import { equalBytes } from '../../stun/bytes.ts';
import { channelBind, createPermission, refresh } from '../../turn/requests.ts';
import { ask, type ProbeContext } from '../conversation.ts';
import { deliver, listen } from '../delivery.ts';
import { type Relayed, withPeer } from './relayed.ts';
import { SPARE_CHANNEL } from './sizes.ts';
import {
  complete,
  lasting,
  type Outcome,
  pause,
  replyOf,
  skipped,
  type Trial,
  withAllocation,
} from './trial.ts';

/** RFC 8656 §9 and §12. */
export const PERMISSION_SECONDS = 300;
export const CHANNEL_SECONDS = 600;

/** Each request on the way may take so long. */
const REQUEST_MS = 5000;
const ALLOCATION_SECONDS = 3600;

/** Servers look at their timers once in a while; coturn about once a second. */
const LEAST_MARGIN_SECONDS = 2;

/** Shortly before the end of a life, and shortly after. */
function momentsOf(lifeSeconds: number): readonly [number, number] {
  const margin = Math.max(LEAST_MARGIN_SECONDS, lifeSeconds / 30);
  return [lifeSeconds - margin, lifeSeconds + margin];
}

/** Waits until so many seconds after the start. */
const until = ({ context }: Relayed, startMs: number, seconds: number): Promise<boolean> =>
  pause(context, startMs + seconds * 1000 - context.clock.monotonic());

/** A permission ends by itself, or leaks: a peer sends before and after (RFC 8656 §9). */
export const permissionLife: Trial<'permission-life'> = (to, context) => {
  const lifeSeconds = context.settings.relay?.permissionSeconds ?? PERMISSION_SECONDS;
  return holding<'permission-life'>(to, context, lifeSeconds, async relay => {
    await ask(createPermission([relay.seen]), to, relay.exchange, relay.context);
    const startMs = context.clock.monotonic();
    const checks: LifeCheck[] = [];
    for (const atSeconds of momentsOf(lifeSeconds)) {
      if (!(await until(relay, startMs, atSeconds))) return skipped('interrupted');
      checks.push({ atSeconds, arrived: await arrival(relay) });
    }
    return complete({ lifeSeconds, checks });
  });
};

/** A channel ends by itself while its permission is kept; until then no other peer can have it (RFC 8656 §12). */
export const channelLife: Trial<'channel-life'> = (to, context) => {
  const lifeSeconds = context.settings.relay?.channelSeconds ?? CHANNEL_SECONDS;
  const permissionSeconds = context.settings.relay?.permissionSeconds ?? PERMISSION_SECONDS;
  return holding<'channel-life'>(to, context, lifeSeconds, async relay => {
    const { exchange, seen } = relay;
    const bound = replyOf(await ask(channelBind(SPARE_CHANNEL, seen), to, exchange, relay.context));
    if (bound !== 'granted') return skipped(`no channel was bound: ${bound ?? 'silence'}`);
    const startMs = context.clock.monotonic();
    const elsewhere = { ip: seen.ip, port: seen.port === 9 ? 10 : 9 };
    const rebound: Reply = replyOf(
      await ask(channelBind(SPARE_CHANNEL, elsewhere), to, exchange, relay.context),
    );
    const checks: LifeCheck[] = [];
    for (const atSeconds of momentsOf(lifeSeconds)) {
      if (!(await keepPermission(relay, startMs, atSeconds, permissionSeconds)))
        return skipped('interrupted');
      checks.push({ atSeconds, arrived: await arrival(relay) });
    }
    return complete({ lifeSeconds, checks, rebound });
  });
};

/** Renews the permission at half of its life each time until the moment has come. */
async function keepPermission(
  relay: Relayed,
  startMs: number,
  atSeconds: number,
  lifeSeconds: number,
): Promise<boolean> {
  const { to, context, exchange, seen } = relay;
  const elapsed = () => (context.clock.monotonic() - startMs) / 1000;
  while (elapsed() + lifeSeconds / 2 < atSeconds) {
    if (!(await until(relay, startMs, elapsed() + lifeSeconds / 2))) return false;
    await ask(createPermission([seen]), to, exchange, brief(context));
  }
  await ask(createPermission([seen]), to, exchange, brief(context));
  return until(relay, startMs, atSeconds);
}

const brief = (context: ProbeContext): ProbeContext => lasting(context, REQUEST_MS);

/** How a packet of the peer arrives now. */
async function arrival(relay: Relayed): Promise<LifeCheck['arrived']> {
  const { to, context, socket, relayed, fromRelay } = relay;
  const payload = randomBytes(32);
  let arrived: LifeCheck['arrived'] = 'nothing';
  await deliver(
    to,
    brief(context),
    () => socket.send(payload, relayed),
    done =>
      listen(fromRelay, ({ data, channel }) => {
        if (!equalBytes(data, payload)) return;
        arrived = channel === undefined ? 'indication' : 'channel';
        done();
      }),
    // Not sent again: the moment is what is asked for.
    { resendAtMs: [0], lostAfterMs: 500 },
  );
  return arrived;
}

/** An allocation that outlives what is watched, and a peer. */
function holding<T extends 'permission-life' | 'channel-life'>(
  to: Parameters<Trial<T>>[0],
  context: ProbeContext,
  lifeSeconds: number,
  watch: (relay: Relayed) => Promise<Outcome<TrialResults[T]>>,
): Promise<Outcome<TrialResults[T]>> {
  return withAllocation<TrialResults[T]>(to, context, { lifetimeSeconds: ALLOCATION_SECONDS }, async held => {
    const long = lasting(context, 2 * lifeSeconds * 1000 + REQUEST_MS);
    await ask(refresh(ALLOCATION_SECONDS), to, held.exchange, brief(context));
    return withPeer(to, brief(context), held, relay => watch({ ...relay, context: long }));
  });
}
