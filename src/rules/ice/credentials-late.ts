import { defineRule } from '../../model/rule.ts';
import { duration } from '../../util/duration.ts';
import { atTimes, firstEvent, localRelay, partName, partsOf } from '../timeline.ts';

export default defineRule({
  id: 'ice/credentials-late',
  meta: {
    title: 'Credentials arrive after gathering began',
    effect: 'The first call has no relay candidate',
    why: 'setConfiguration changes nothing for a gathering that runs already: without an ICE restart the call goes on without a relay, and the log of the server stays empty, because the browser never spoke to it.',
    remedy:
      'Fetch the credentials before the RTCPeerConnection is made, best at the start of the application; the client of turnctl/client does.',
    severity: 'error',
    references: ['W3C WebRTC §4.4.1.6'],
  },
  needs: ['client'],
  check: ({ client }) =>
    partsOf(client)
      .flatMap(part => {
        const peer = firstEvent(part, 'peer', { servers: 0 });
        const credentials = firstEvent(part, 'credentials');
        if (!peer || localRelay(part)) return [];
        if (credentials && credentials.atMs < peer.atMs) return [];
        const late = credentials ? `${duration(credentials.atMs - peer.atMs)} after it` : 'never';
        return [
          {
            message: `${partName(part)}: gathering began without an ICE server, the credentials came ${late}, and no relay candidate followed`,
            evidence: atTimes(['connection without servers', peer], ['credentials', credentials]),
          },
        ];
      })
      .slice(0, 1),
});
