import type { TimelineEvent } from '../../model/call-record.ts';
import { defineRule } from '../../model/rule.ts';
import { duration } from '../../util/duration.ts';
import { atTimes, localRelay, type Part, partName, partsOf } from '../timeline.ts';

/** A call that took no longer did not need the relay. */
const SLOW_MS = 5_000;

export default defineRule({
  id: 'ice/offer-before-relay',
  meta: {
    title: 'The description leaves before the relay candidate is there',
    effect: 'The first call fails where a relay is needed',
    why: 'Without trickling, what is not in the description never reaches the other side. The relay candidate comes after two round trips to the server, and after name, connection and TLS where those are new: later calls are fast enough, the first one is not. The server sees two allocations and no permission for the other relay.',
    remedy:
      'Trickle candidates; where signalling cannot, send the description when a relay candidate is in it, and wait 5 s for it at most.',
    severity: 'error',
    references: ['RFC 8838', 'RFC 8829 §4.1.9'],
    explainedBy: ['ice/credentials-late'],
  },
  needs: ['client'],
  check: ({ client }) => {
    if (client.scenario.trickle) return { skip: 'this client trickles its candidates' };
    return partsOf(client)
      .filter(({ call }) => call.caller.connectedMs === null || call.caller.connectedMs > SLOW_MS)
      .flatMap(part => {
        const sent = sentWithoutRelay(part);
        const relay = localRelay(part);
        if (!sent || !relay || relay.atMs < sent.atMs) return [];
        return [
          {
            message: `${partName(part)}: the ${sent.type} left ${duration(relay.atMs - sent.atMs)} before the relay candidate was there, and nothing was sent after it`,
            evidence: atTimes([`${sent.type} sent`, sent], ['relay candidate', relay]),
          },
        ];
      })
      .slice(0, 1);
  },
});

const sentWithoutRelay = ({ events }: Part): TimelineEvent | undefined =>
  events.find(({ kind, relayCandidates }) => kind === 'sent' && relayCandidates === 0);
