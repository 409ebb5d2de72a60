import type { TrialResults } from '../../model/observations/turn-trial.ts';
import type { Result } from '../../net/exchange.ts';
import { attribute } from '../../stun/attributes.ts';
import { createPermission, refresh, type TurnRequest } from '../../turn/requests.ts';
import { ask } from '../conversation.ts';
import { complete, pause, replyOf, skipped, type Trial, withAllocation } from './trial.ts';

const ASKED_SECONDS = [1, 600, 3600, 1_000_000];

/** What the server makes of lifetimes asked for (RFC 8656 §7.2): its default is its least, as a rule. */
export const lifetimes: Trial<'lifetimes'> = (to, context) =>
  withAllocation(to, context, { lifetimeSeconds: 0 }, async ({ exchange, granted }) => {
    const list: TrialResults['lifetimes']['lifetimes'][number][] = [
      { askedSeconds: 0, grantedSeconds: granted.lifetimeSeconds },
    ];
    for (const askedSeconds of ASKED_SECONDS) {
      const result = await ask(refresh(askedSeconds), to, exchange, context);
      list.push({ askedSeconds, grantedSeconds: lifetimeOf(result) });
    }
    return complete({ lifetimes: list });
  });

const lifetimeOf = ({ end }: Result): number | null =>
  'response' in end && end.kind === 'succeeded' ? (attribute(end.response, 'LIFETIME') ?? null) : null;

/** coturn holds a deleted allocation for a second. */
const LOOK_EVERY_MS = 250;
const LOOK_FOR_MS = 2500;

/**
 * Deletes twice: coturn grants the second too and lets the allocation answer for a second more, so that only a later refusal
 * shows that nothing is left (RFC 8656 §8).
 */
export const deletion: Trial<'deletion'> = (to, context) =>
  withAllocation<TrialResults['deletion']>(
    to,
    context,
    {},
    async ({ exchange, granted: { mappedAddress } }) => {
      const tell = async (request: TurnRequest) => replyOf(await ask(request, to, exchange, context));
      const first = await tell(refresh(0));
      const startMs = context.clock.monotonic();
      const second = await tell(refresh(0));
      for (;;) {
        const reply = await tell(createPermission([mappedAddress]));
        const elapsedMs = context.clock.monotonic() - startMs;
        if (reply !== 'granted' && reply !== null) return complete({ first, second, goneAfterMs: elapsedMs });
        if (elapsedMs > LOOK_FOR_MS) return complete({ first, second, goneAfterMs: null });
        if (!(await pause(context, LOOK_EVERY_MS))) return skipped('interrupted');
      }
    },
  );
