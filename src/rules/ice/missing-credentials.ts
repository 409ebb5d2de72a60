import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';

export default defineRule({
  id: 'ice/missing-credentials',
  meta: {
    title: 'A turn: URL comes without user name or credential',
    effect: 'Calls fail before the first packet',
    why: 'new RTCPeerConnection() throws an InvalidAccessError when a turn: or turns: URL has no username or no credential.',
    remedy: 'Hand out username and credential with every turn: and turns: URL.',
    severity: 'error',
    references: ['WebRTC §4.2.4'],
    explainedBy: ['credentials/endpoint-unavailable'],
  },
  needs: ['endpoint'],
  check: ({ endpoint }) => {
    if (endpoint.outcome !== 'answered') return { skip: endpoint.error };
    const { url, uris, username, hasPassword } = endpoint;
    const relays = uris.filter(uri => /^turns?:/i.test(uri));
    const missing = [...(username ? [] : ['user name']), ...(hasPassword ? [] : ['password'])];
    if (relays.length === 0 || missing.length === 0) return [];
    return [
      {
        message: `${url} hands out ${listed(relays)} without a ${listed(missing)}`,
        evidence: `username ${username ? 'present' : 'absent'}, password ${hasPassword ? 'present' : 'absent'}`,
      },
    ];
  },
});
