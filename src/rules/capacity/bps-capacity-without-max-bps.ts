import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';

export default defineRule({
  id: 'capacity/bps-capacity-without-max-bps',
  meta: {
    title: 'bps-capacity without max-bps',
    effect: 'coturn does not start',
    why: 'coturn shares bps-capacity out in portions of max-bps, and exits with "CONFIG ERROR" when there is no portion.',
    remedy: 'Set max-bps too (bytes per second of one session), or delete bps-capacity.',
    severity: 'error',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const capacity = settings.number('bps-capacity');
    if (capacity === 0 || settings.number('max-bps') !== 0) return [];
    return [
      {
        message: `coturn exits: bps-capacity is ${capacity} and max-bps is not set`,
        ...atEntry(settings.deciding('bps-capacity')!),
      },
    ];
  },
});
