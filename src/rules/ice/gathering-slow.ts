import type { TimelineEvent } from '../../model/call-record.ts';
import { defineRule } from '../../model/rule.ts';
import { duration } from '../../util/duration.ts';
import { firstEvent, largestGap, type Part, partName, partsOf, timerOf } from '../timeline.ts';

/** Clients that wait for the end of gathering give up at 5 to 15 s; people do before. */
const LONG_MS = 2_000;

export default defineRule({
  id: 'ice/gathering-slow',
  meta: {
    title: 'The end of gathering takes longer than clients wait',
    effect: 'Calls start late, or fail where the end of gathering is waited for',
    why: 'A browser reports the end of gathering when every server of its list has answered or was given up, which takes 40 s. The relay candidate may have been there long before.',
    remedy:
      'Repair the server that holds it open, or take it out of the list; do not wait for the end of gathering, but for a relay candidate.',
    severity: 'error',
    references: ['RFC 8445 §5.1.1.2', 'libwebrtc p2p/base/stun_request.cc'],
    explainedBy: [
      'listener/no-stun',
      'listener/secure-stun',
      'ice/duplicate-server',
      'ice/unresponsive-server',
      'auth/realm-missing',
      'relay/port-range-inverted',
      'service/second-instance',
      'firewall/listening-port-closed',
      'firewall/udp-not-published',
      'tls/not-turn',
    ],
  },
  needs: ['client'],
  check: ({ client }) => {
    const slow = partsOf(client).flatMap(part => {
      const begun = firstEvent(part, 'peer')?.atMs ?? 0;
      const end = firstEvent(part, 'gathered');
      const tookMs = (end?.atMs ?? part.events.at(-1)?.atMs ?? 0) - begun;
      return tookMs > LONG_MS ? [{ part, end, tookMs }] : [];
    });
    const [first] = slow;
    if (!first) return [];
    const { part, end, tookMs } = first;
    const gap = largestGap(part);
    const timer = gap && timerOf(gap.toMs - gap.fromMs);
    const took = end ? `took ${duration(tookMs)}` : `had not ended after ${duration(tookMs)}`;
    return [
      {
        message: `${partName(part)}: gathering ${took}${holderOf(part)}`,
        evidence: gap
          ? `longest silence ${duration(gap.toMs - gap.fromMs)}, from ${nameOf(gap.before)} to ${nameOf(gap.after)}${timer ? `: as long as ${timer}` : ''}`
          : 'no event at all',
      },
    ];
  },
});

/** The server of the last error before the end, which is the one that was given up. */
function holderOf({ events }: Part): string {
  const error = events.findLast(({ kind }) => kind === 'candidate-error');
  return error && error.atMs > LONG_MS ? `: ${error.url} was given up at ${duration(error.atMs)}` : '';
}

const nameOf = (event: TimelineEvent | undefined): string =>
  event ? `${event.kind}${event.type ? ` (${event.type})` : ''} at ${duration(event.atMs)}` : 'the start';
