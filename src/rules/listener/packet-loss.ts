import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';
import { endpointOf } from '../wire-evidence.ts';

/** Percent. Speech suffers from one on; with ten no call is usable. */
const NOTICED = 1;
const UNUSABLE = 10;

/** So many requests in a row, the last ones, are no accident at the loss there was before. */
const SILENT_FROM = 10;

export default defineRule({
  id: 'listener/packet-loss',
  meta: {
    title: 'Packets are lost on the way to the server',
    effect: 'Calls stutter, and some do not start',
    why: 'Media is not sent again: one percent of loss is heard, ten make a call useless. Requests are sent again, so that a test which only asks whether the server answers stays green.',
    remedy:
      'Repeat the probe on the server itself: loss there is the load of the host, loss from elsewhere alone is the path (uplink, Wi-Fi, a saturated link, a rate limit in front of the server).',
    severity: 'warning',
    references: ['RFC 3550 §6.4.1', 'ITU-T G.113 appendix I'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const complete = observed(wire.observations, 'stun-series').filter(o => o.outcome === 'complete');
    if (complete.length === 0) return { skip: 'no series of requests was sent (probe stun --count)' };
    return complete.flatMap(series => {
      const { sent, received, longestGap, unansweredAtEnd, intervalMs } = series;
      const percent = (100 * (sent - received)) / sent;
      if (percent <= NOTICED) return [];
      const gone = unansweredAtEnd >= SILENT_FROM && unansweredAtEnd > (sent - received) / 2;
      const what = gone
        ? `fell silent after ${plural(sent - unansweredAtEnd, 'request')}: a rate limit, a restart, or the path broke`
        : `loses ${percent.toFixed(1)} % of the packets`;
      return [
        {
          message: `${endpointOf(series)} ${what}`,
          evidence: `${received} of ${plural(sent, 'request')} answered, one every ${intervalMs} ms; ${longestGap} in a row unanswered at most`,
          severity: percent >= UNUSABLE ? ('error' as const) : ('warning' as const),
        },
      ];
    });
  },
});
