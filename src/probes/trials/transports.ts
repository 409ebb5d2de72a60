import type { TrialResults } from '../../model/observations/turn-trial.ts';
import { allocate, refresh } from '../../turn/requests.ts';
import { ask, converse } from '../conversation.ts';
import { complete, replyOf, type Trial } from './trial.ts';

/** Nothing, ICMP, DCCP, SCTP, the reserved one, and TCP last because it may be granted (RFC 8656 §7.2, RFC 6062 §5.1). */
const PROTOCOLS = [0, 1, 33, 132, 255, 6];

/** Which protocols the server would relay besides UDP; all asked on one 5-tuple, because each refusal leaves it free. */
export const transports: Trial<'transports'> = (to, context) =>
  converse(
    to,
    context,
    async exchange => {
      const protocols: TrialResults['transports']['protocols'][number][] = [];
      for (const protocol of PROTOCOLS) {
        const result = await ask(allocate({ requestedTransport: protocol }), to, exchange, context);
        protocols.push({ protocol, reply: replyOf(result) });
        if ('outcome' in result.end && result.end.outcome === 'skipped') return result.end;
        if (replyOf(result) !== 'granted') continue;
        const deletion = exchange.request(refresh(0));
        deletion.giveUpIn(500);
        await deletion.result;
      }
      return complete({ protocols });
    },
    failure => failure,
  );
