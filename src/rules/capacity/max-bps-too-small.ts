import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';

/** A video call of 360 lines takes about 0.5 Mbit/s each way. */
const VIDEO_BYTES_PER_SECOND = 62_500;

export default defineRule({
  id: 'capacity/max-bps-too-small',
  meta: {
    title: 'max-bps is less than one video call needs',
    why: 'max-bps counts bytes, not bits, for each session and direction. coturn drops what is above it: the picture freezes while the sound goes on.',
    remedy: 'Multiply by eight for bits. 400000 (3.2 Mbit/s) carries HD video; 0 is no limit.',
    severity: 'warning',
    explainedBy: ['config/silent-fallback'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const limit = settings.number('max-bps');
    if (limit === 0 || limit >= VIDEO_BYTES_PER_SECOND) return [];
    return [
      {
        message: `max-bps=${limit} lets a session have ${Math.round((limit * 8) / 1000)} kbit/s each way`,
        ...atEntry(settings.deciding('max-bps')!),
      },
    ];
  },
});
