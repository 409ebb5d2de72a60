import { authentication } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import type { ConfigFact, VersionFact } from '../../model/facts.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { flagInForce, problemOf } from '../flag-in-force.ts';
import { hasAnswer, nothingFound, wireEvidence } from '../wire-evidence.ts';

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
    const proof = refused && wireEvidence(refused);
    const entry = flagInForce('secure-stun', config, version);
    if (entry !== undefined && asksForCredentials(config, version)) {
      const message = 'secure-stun answers Binding with 401, and browsers get no server-reflexive candidate';
      return [problemOf(entry, message, proof)];
    }
    if (proof !== undefined) {
      const message = 'The server answers Binding with 401, as with secure-stun';
      return [{ message, option: 'secure-stun', evidence: proof }];
    }
    return nothingFound(config, bindings.some(hasAnswer), 'no Binding request was answered');
  },
});

/** Without authentication secure-stun has nothing to ask for, and with no-stun nothing is answered. */
function asksForCredentials(config: ConfigFact | undefined, version: VersionFact | undefined): boolean {
  if (config === undefined || version === undefined) return false;
  const settings = settingsOf(config, version.version);
  return authentication(settings).longTerm && !settings.flag('no-stun');
}
