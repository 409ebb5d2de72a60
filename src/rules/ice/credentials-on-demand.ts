import { defineRule } from '../../model/rule.ts';
import { duration } from '../../util/duration.ts';
import { atTimes, firstEvent, partName, partsOf } from '../timeline.ts';

/** People notice what is longer. */
const LONG_MS = 1_000;

export default defineRule({
  id: 'ice/credentials-on-demand',
  meta: {
    title: 'The call waits for its credentials',
    effect: 'The first call starts late',
    why: 'The credential endpoint is asked when somebody presses "call", and everything else waits for it. Later calls find them cached, so that only the first one is slow.',
    remedy: 'Fetch them at the start of the application and renew them before they expire.',
    severity: 'warning',
    references: ['draft-uberti-behave-turn-rest-00 §2.1'],
  },
  needs: ['client'],
  check: ({ client }) =>
    partsOf(client)
      .flatMap(part => {
        const credentials = firstEvent(part, 'credentials');
        const peer = firstEvent(part, 'peer');
        const tookMs = Number(credentials?.tookMs ?? 0);
        if (!credentials || tookMs < LONG_MS || (peer && peer.atMs < credentials.atMs)) return [];
        return [
          {
            message: `${partName(part)}: ${duration(tookMs)} passed until the credentials were there`,
            evidence: atTimes(['credentials', credentials], ['peer connection', peer]),
          },
        ];
      })
      .slice(0, 1),
});
