import { listenerPlan } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';
import { offeredFor } from '../offered-uris.ts';

export default defineRule({
  id: 'listener/udp-offered-but-disabled',
  meta: {
    title: 'Clients are offered UDP, and the server has none',
    effect: 'Browsers try a dead server for 40 s before they have finished gathering',
    why: 'no-udp closes the UDP listener. A turn: URL without ?transport=tcp means UDP: Chromium treats refused and unanswered packets alike and keeps gathering open for 40 s.',
    remedy: 'Delete no-udp and restart coturn, or take the UDP URLs out of the list that clients get.',
    severity: 'error',
    references: ['RFC 7065 §3.1'],
  },
  needs: ['config', 'version', 'endpoint'],
  uses: ['wire'],
  check: ({ config, version: { version }, endpoint, wire }) => {
    const settings = settingsOf(config, version);
    if (endpoint.outcome === 'failed') return { skip: 'the credential endpoint did not answer' };
    if (listenerPlan(settings).udp.on) return [];
    const offered = offeredFor('udp', endpoint, wire);
    if (offered.length === 0) return [];
    const base = atEntry(settings.deciding('no-udp')!);
    const uris = listed(offered.map(({ text }) => text));
    return [
      {
        message: `Clients are given ${uris}, and no-udp closes UDP`,
        ...base,
        evidence: `${base.evidence}; offered: ${uris}`,
      },
    ];
  },
});
