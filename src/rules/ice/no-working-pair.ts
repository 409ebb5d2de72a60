import { defineRule } from '../../model/rule.ts';
import { duration } from '../../util/duration.ts';
import { atTimes, firstEvent, localRelay, partName, partsOf } from '../timeline.ts';

export default defineRule({
  id: 'ice/no-working-pair',
  meta: {
    title: 'No pair of candidates works',
    effect: 'Calls fail',
    why: 'Both sides have candidates and check every pair of them, and none is answered: after 15 s the browser says so. What is missing is usually the relay of one side, or the permission of the relay to reach the other.',
    remedy: 'See that both sides send their relay candidate; then look at what the relay refuses.',
    severity: 'error',
    references: ['RFC 8445 §7.2.5.3.3', 'libwebrtc p2p/base/p2p_constants.cc'],
    explainedBy: [
      'ice/no-relay-candidate',
      'ice/credentials-late',
      'ice/offer-before-relay',
      'ice/early-candidates-dropped',
      'ice/malformed-url',
      'ice/candidate-pool-large',
      // A description that comes after 40 s leaves no time for the checks.
      'ice/gathering-slow',
      'listener/no-stun',
      'peers/own-address-denied',
      'peers/needed-peer-denied',
      'peers/public-denied',
      'firewall/relay-range-closed',
      'nat/external-ip-missing',
    ],
  },
  needs: ['client'],
  check: ({ client }) =>
    partsOf(client)
      .flatMap(part => {
        if (part.call.caller.connectedMs !== null) return [];
        const checking = firstEvent(part, 'state', { state: 'checking' });
        const end =
          firstEvent(part, 'state', { state: 'disconnected' }) ??
          firstEvent(part, 'state', { state: 'failed' });
        if (!checking) {
          return [
            {
              message: `${partName(part)}: the call did not connect, and no pair of candidates was ever checked`,
              evidence: atTimes(
                ['description of the other side', firstEvent(part, 'received')],
                ['relay candidate of its own', localRelay(part)],
              ),
            },
          ];
        }
        const after = end ? ` after ${duration(end.atMs - checking.atMs)}` : '';
        return [
          {
            message: `${partName(part)}: the checks came to nothing${after}`,
            evidence: atTimes(['ICE checking', checking], ['end of it', end]),
          },
        ];
      })
      .slice(0, 1),
});
