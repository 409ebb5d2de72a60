import type { TrialResults } from '../../model/observations/turn-trial.ts';
import { refresh } from '../../turn/requests.ts';
import { ask, openExchange } from '../conversation.ts';
import { complete, replyOf, type Trial, tryAllocation } from './trial.ts';

const LIFETIME_SECONDS = 600;

/** Takes an allocation along to another 5-tuple, as a phone does that changes networks (RFC 8016 §3). */
export const mobility: Trial<'mobility'> = (to, context) =>
  tryAllocation<TrialResults['mobility']>(
    to,
    context,
    { mobility: true },
    async ({ exchange, granted: { mobilityTicket } }) => {
      if (!mobilityTicket) return complete({ ticket: false });
      const opened = await openExchange(to, context, { control: exchange });
      if ('failure' in opened) return opened.failure;
      const moved = replyOf(
        await ask(refresh(LIFETIME_SECONDS, mobilityTicket), to, opened.exchange, context),
      );
      // It belongs to this 5-tuple now, from which alone it can be given back.
      if (moved === 'granted') {
        const deleting = opened.exchange.request(refresh(0));
        deleting.giveUpIn(500);
        await deleting.result;
      }
      opened.exchange.close();
      return complete({ ticket: true, moved });
    },
  );
