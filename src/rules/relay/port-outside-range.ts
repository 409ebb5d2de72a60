import { relayRange } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue, quotedAll } from '../evidence.ts';
import { wireEvidence } from '../wire-evidence.ts';

export default defineRule({
  id: 'relay/port-outside-range',
  meta: {
    title: 'Relay ports are not from the configured range',
    effect: 'Media does not pass a firewall that is open for the configured ports',
    why: 'The port of a relayed address lies between min-port and max-port of the configuration that coturn runs with. One outside of them comes from another file, an older state of this one, or another server.',
    remedy: 'Restart coturn with this file, and look which file its process was started with (-c).',
    severity: 'warning',
    explainedBy: [
      'config/unreadable',
      'relay/port-range-invalid',
      'relay/port-range-inverted',
      'relay/port-range-syntax',
      'service/restart-pending',
      'service/second-instance',
    ],
    references: ['RFC 8656 §7.2'],
  },
  needs: ['config', 'version', 'wire'],
  check: ({ config, version, wire }) => {
    const settings = settingsOf(config, version.version);
    const { min, max } = relayRange(settings);
    const allocations = observed(wire.observations, 'turn-allocate')
      .filter(o => o.outcome === 'allocated')
      // What another server grants says nothing about this file.
      .filter(o => o.alternate === undefined && wire.server === 'coturn');
    if (min > max) return { skip: 'the range is inverted' };
    if (allocations.length === 0) return { skip: 'coturn granted no allocation' };
    const stranger = allocations.find(({ relayedAddress: { port } }) => port < min || port > max);
    if (!stranger) return [];
    const entries = ['min-port', 'max-port'].flatMap(option => settings.deciding(option) ?? []);
    const file = entries.length > 0 ? quotedAll(entries) : `the default range in ${config.path}`;
    return [
      {
        message: `coturn relays from port ${stranger.relayedAddress.port}, the configuration says ${min}-${max}`,
        ...(entries[0] === undefined ? {} : atValue(entries[0])),
        evidence: `${file}; ${wireEvidence(stranger)}`,
      },
    ];
  },
});
