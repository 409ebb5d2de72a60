import { authentication } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { wireEvidence } from '../wire-evidence.ts';

export default defineRule({
  id: 'listener/secure-stun',
  meta: {
    title: 'Binding requests need credentials',
    why: 'Browsers send Binding without credentials and take the 401 for an answer: gathering ends at once, without a server-reflexive candidate from this server. More calls go through the relay than need to.',
    remedy: 'Delete secure-stun and restart coturn.',
    severity: 'warning',
    references: ['RFC 8489 §9.2'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const bindings = observed(wire?.observations ?? [], 'stun-binding');
    const refused = bindings.find(o => o.outcome === 'error-response' && o.code === 401);
    if (config !== undefined && version !== undefined) {
      const settings = settingsOf(config, version.version);
      // Without authentication secure-stun has nothing to ask for, and with no-stun nothing is answered.
      const inForce =
        settings.flag('secure-stun') && authentication(settings).longTerm && !settings.flag('no-stun');
      const entry = inForce ? settings.deciding('secure-stun') : undefined;
      if (entry !== undefined) {
        const base = atEntry(entry);
        const proof = refused === undefined ? '' : `; ${wireEvidence(refused)}`;
        return [
          {
            message: 'secure-stun answers Binding with 401, and browsers get no server-reflexive candidate',
            ...base,
            evidence: `${base.evidence}${proof}`,
          },
        ];
      }
    }
    if (refused !== undefined) {
      return [
        {
          message: 'The server answers Binding with 401, as with secure-stun',
          option: 'secure-stun',
          evidence: wireEvidence(refused),
        },
      ];
    }
    return config === undefined && bindings.length === 0 ? { skip: 'no Binding request was sent' } : [];
  },
});
