import { relayRange } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { portCount } from '../../util/port-range.ts';
import { plural } from '../../util/text.ts';
import { atValue, quotedAll } from '../evidence.ts';
import { hasAllocated, nothingFound, wireEvidence } from '../wire-evidence.ts';

/** Five calls, each with two sides that allocate over UDP and over TCP. */
const ENOUGH_PORTS = 20;

/** With so many ports 508 has another reason: a relay address that is not on the host. */
const AMPLE_PORTS = 1000;

export default defineRule({
  id: 'relay/port-range-too-small',
  meta: {
    title: 'Too few relay ports',
    effect: 'Calls get no relay once a few allocations are open',
    why: 'Every allocation takes one port of min-port..max-port, both sides of a call and every turn: URL of theirs one each. When all are taken, Allocate is answered with 508 (Insufficient Capacity).',
    remedy:
      'Widen min-port..max-port to at least ten ports for each simultaneous call, and open the same range in the firewall.',
    severity: 'error',
    explainedBy: ['relay/port-range-syntax', 'relay/port-range-invalid', 'relay/address-not-local'],
    references: ['RFC 8656 §7.2'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const exhausted = observed(wire?.observations ?? [], 'turn-allocate').find(
      o => o.outcome === 'error-response' && o.code === 508,
    );
    if (config === undefined || version === undefined) {
      if (exhausted === undefined) return nothingFound(config, hasAllocated(wire), 'no allocation was made');
      return [
        {
          message: 'The server has no relay port left (508), or its relay address is not on its host',
          evidence: wireEvidence(exhausted),
        },
      ];
    }
    const settings = settingsOf(config, version.version);
    const { min, max } = relayRange(settings);
    const count = portCount({ from: min, to: max });
    const taken = exhausted !== undefined && count < AMPLE_PORTS;
    if (count === 0 || (count >= ENOUGH_PORTS && !taken)) return [];
    const entries = ['min-port', 'max-port'].flatMap(option => settings.deciding(option) ?? []);
    const proof = taken ? `; ${wireEvidence(exhausted)}` : '';
    return [
      {
        message: taken
          ? `All ${count} relay ports (${min}-${max}) are taken`
          : `${min}-${max} is ${plural(count, 'relay port')}: about ${plural(Math.max(1, Math.floor(count / 4)), 'call')} at a time`,
        ...(entries[0] === undefined ? {} : atValue(entries[0])),
        evidence: `${quotedAll(entries)}${proof}`,
      },
    ];
  },
});
