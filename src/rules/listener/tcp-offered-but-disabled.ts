import { listenerPlan } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';
import { offeredFor } from '../offered-uris.ts';

export default defineRule({
  id: 'listener/tcp-offered-but-disabled',
  meta: {
    title: 'Clients are offered TCP, and the server has none',
    effect: 'Clients whose network blocks UDP get no relay',
    why: 'no-tcp closes the plain TCP listener (TLS stays open, and what is relayed to peers is another matter). The connection is refused: where UDP is blocked the client is left without a server.',
    remedy: 'Delete no-tcp and restart coturn, or take ?transport=tcp out of the list that clients get.',
    severity: 'error',
    references: ['RFC 7065 §3.1'],
  },
  needs: ['config', 'version', 'endpoint'],
  uses: ['wire'],
  check: ({ config, version: { version }, endpoint, wire }) => {
    const settings = settingsOf(config, version);
    if (endpoint.outcome === 'failed') return { skip: 'the credential endpoint did not answer' };
    const { tcp, tls } = listenerPlan(settings);
    if (tcp.on) return [];
    // coturn takes plain TCP on its TLS port too.
    const offered = offeredFor('tcp', endpoint, wire).filter(({ port }) => !(tls.on && port === tls.port));
    if (offered.length === 0) return [];
    const base = atEntry(settings.deciding('no-tcp')!);
    const uris = listed(offered.map(({ text }) => text));
    return [
      {
        message: `Clients are given ${uris}, and no-tcp closes TCP`,
        ...base,
        evidence: `${base.evidence}; offered: ${uris}`,
      },
    ];
  },
});
