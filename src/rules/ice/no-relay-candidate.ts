import { defineRule } from '../../model/rule.ts';
import { firstEvent, localRelay, partName, partsOf } from '../timeline.ts';

export default defineRule({
  id: 'ice/no-relay-candidate',
  meta: {
    title: 'The browser gets no relay candidate',
    effect: 'Calls fail where a relay is needed',
    why: 'No server of the list gave the browser a relay: it did not answer, refused the credential, or was never asked. What the browser says of it is its code: 401 is the credential, 701 a server that does not answer.',
    remedy: 'Look at the cause: probe each URL with turnctl probe turn.',
    severity: 'error',
    references: ['W3C WebRTC §4.8.2'],
    explainedBy: [
      'ice/credentials-late',
      'ice/malformed-url',
      'ice/missing-credentials',
      'ice/unresponsive-server',
      'credentials/expired',
      'credentials/secret-mismatch',
      'auth/realm-missing',
      'relay/no-udp-relay',
      'relay/port-range-inverted',
      'tls/untrusted',
      'tls/name-mismatch',
      'dns/name-unresolved',
      'firewall/listening-port-closed',
      'firewall/udp-not-published',
      'capacity/total-quota-too-small',
      'capacity/user-quota-too-small',
      'listener/stun-only',
      'service/not-running',
    ],
  },
  needs: ['client'],
  check: ({ client }) =>
    partsOf(client)
      .filter(part => !localRelay(part))
      .slice(0, 1)
      .map(part => {
        const error = firstEvent(part, 'candidate-error');
        return {
          message: `${partName(part)}: no relay candidate came`,
          evidence: error ? `${error.url}: ${error.code} ${error.message}` : 'the browser reported no error',
        };
      }),
});
